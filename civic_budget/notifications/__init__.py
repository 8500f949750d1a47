"""What happened → which message, to whom, in which language; and how it leaves. Decides nothing else."""
