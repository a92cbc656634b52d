"""What stands in a text beside words: pictures, sound and video (``media``), formulas (``formula``). Pure, public."""
