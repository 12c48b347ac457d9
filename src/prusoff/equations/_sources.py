"""Books and papers that several laws of this shelf rest on."""

FITTING_MODELS = (
    "Motulsky H, Christopoulos A. Fitting Models to Biological Data. Oxford University Press 2004"
)
CHENG_PRUSOFF = "Cheng Y-C, Prusoff WH. Biochem Pharmacol 1973;22:3099-3108"
TCPL = "Filer DL, Kothiya P, Setzer RW, Judson RS, Martin MT. Bioinformatics 2017;33:618-620"
TCPLFIT2 = "Sheffield T, Brown J, Davidson S, Friedman KP, Judson R. Bioinformatics 2022;38:1157-1158"
SEGEL = "Segel IH. Enzyme Kinetics. Wiley 1975"
