"""The yearly round: calendar and the phase computed from it, pools of money, rules of ballot and winners."""
