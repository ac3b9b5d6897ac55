"""Views of people about their own business."""
