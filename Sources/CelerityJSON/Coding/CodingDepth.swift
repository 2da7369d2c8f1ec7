/// How deep coders follow nested types: they recurse, so the bound keeps their stack bounded, whatever the text is.
let maximumCodingDepth = 512
