"""The engine of participation by nationality: noise, sealing, publication and attacks."""
