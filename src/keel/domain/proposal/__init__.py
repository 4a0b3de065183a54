"""What a generator may propose, and the generator that follows rules."""
