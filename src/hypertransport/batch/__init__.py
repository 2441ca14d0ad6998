"""Many pictures from a file of prompts and concepts: checked as a whole, then drawn, resumably."""
