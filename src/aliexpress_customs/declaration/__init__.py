"""The itemised declaration of a consignment and the checks before anything is sent."""
