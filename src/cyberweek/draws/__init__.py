"""Prize draws that anyone can replay."""
