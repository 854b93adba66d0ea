"""The trusted side: starts workers, asks them, and never lets them decide anything."""
