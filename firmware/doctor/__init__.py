"""`jiaohao doctor`: how a board, a hub or a whole hall is, what to do about it in plain words, and a bundle for who is asked to help."""
