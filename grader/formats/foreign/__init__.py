"""What every reader needs of foreign bytes: encodings, HTML, XML, packages and pictures, none of them trusted."""
