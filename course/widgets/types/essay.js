const draw = drawWriting;
