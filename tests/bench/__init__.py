"""What the hall must be able to do, measured on the machine at hand: real processes over a real Mosquitto."""
