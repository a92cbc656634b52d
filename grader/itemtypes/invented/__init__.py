"""Invented answers: of people of differing skill, and of somebody who guesses."""
