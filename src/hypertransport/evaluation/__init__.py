"""How well steering does: pairs of pictures, votes of models and of people, their statistics."""
