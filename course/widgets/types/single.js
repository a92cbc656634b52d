const draw = (spec, changed) => drawOptions(spec, changed, "radio");
