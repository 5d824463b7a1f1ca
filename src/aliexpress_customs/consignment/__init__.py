"""What travels together: lines of one or several orders, with everything split over them."""
