"""What the pages say: released text as HTML, questions as the browser draws them, where a cadre stands."""
