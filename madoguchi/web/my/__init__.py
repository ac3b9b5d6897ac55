"""The pages of people about their own business."""
