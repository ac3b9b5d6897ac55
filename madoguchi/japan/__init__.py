"""What every module may know about Japan: plain Python, no framework, no state."""
