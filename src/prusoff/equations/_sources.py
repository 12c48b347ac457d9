"""Books and papers that several laws of this shelf rest on."""

FITTING_MODELS = (
    "Motulsky H, Christopoulos A. Fitting Models to Biological Data. Oxford University Press 2004"
)
CHENG_PRUSOFF = "Cheng Y-C, Prusoff WH. Biochem Pharmacol 1973;22:3099-3108"
