"""The works that an analysis stands on, by the short keys that its steps cite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

WORKS: Mapping[str, str] = {
    "agm_radioligand": (
        "Auld DS, Farmen MW, Kahl SD, et al. Receptor binding assays for HTS and drug discovery. In: Assay "
        "Guidance Manual. Eli Lilly & Company and the National Center for Advancing Translational Sciences."
    ),
    "arunlakshana_schild_1959": (
        "Arunlakshana O, Schild HO. Some quantitative uses of drug antagonists. Br J Pharmacol 1959;14:48–58."
    ),
    "bates_watts_1988": "Bates DM, Watts DG. Nonlinear Regression Analysis and Its Applications. Wiley, 1988.",
    "black_leff_1983": (
        "Black JW, Leff P. Operational models of pharmacological agonism. Proc R Soc Lond B 1983;220:141–162."
    ),
    "burnham_anderson_2002": (
        "Burnham KP, Anderson DR. Model Selection and Multimodel Inference, 2nd ed. Springer, 2002."
    ),
    "chen_2005": (
        "Chen F, Larsen MB, Sánchez C, Wiborg O. Characterization of an allosteric citalopram-binding site at the "
        "serotonin transporter. J Neurochem 2005;92:21–28."
    ),
    "carter_1984": (
        "Carter PJ, Winter G, Wilkinson AJ, Fersht AR. The use of double mutants to detect structural changes in the "
        "active site of the tyrosyl-tRNA synthetase. Cell 1984;38:835–840."
    ),
    "cheng_prusoff_1973": (
        "Cheng Y-C, Prusoff WH. Relationship between the inhibition constant (Ki) and the concentration of "
        "inhibitor which causes 50 per cent inhibition (I50) of an enzymatic reaction. Biochem Pharmacol "
        "1973;22:3099–3108."
    ),
    "christopoulos_kenakin_2002": (
        "Christopoulos A, Kenakin T. G protein-coupled receptor allosterism and complexing. Pharmacol Rev "
        "2002;54:323–374."
    ),
    "copeland_2006": (
        "Copeland RA, Pompliano DL, Meek TD. Drug–target residence time and its implications for lead optimization. "
        "Nat Rev Drug Discov 2006;5:730–739."
    ),
    "currie_1968": (
        "Currie LA. Limits for qualitative detection and quantitative determination: application to "
        "radiochemistry. Anal Chem 1968;40:586–593."
    ),
    "dagostino_pearson_1973": (
        "D'Agostino R, Pearson ES. Tests for departure from normality. Biometrika 1973;60:613–622."
    ),
    "deblasi_1989": (
        "DeBlasi A, O'Reilly K, Motulsky HJ. Calculating receptor number from binding experiments using same "
        "compound as radioligand and competitor. Trends Pharmacol Sci 1989;10:227–229."
    ),
    "delean_1978": (
        "De Lean A, Munson PJ, Rodbard D. Simultaneous analysis of families of sigmoidal curves: application "
        "to bioassay, radioligand assay, and physiological dose-response curves. Am J Physiol "
        "1978;235:E97–E102."
    ),
    "eastwood_2006": (
        "Eastwood BJ, Farmen MW, Iversen PW, et al. The minimum significant ratio: a statistical parameter to "
        "characterize the reproducibility of potency estimates from concentration-response assays. J Biomol "
        "Screen 2006;11:253–261."
    ),
    "ehlert_1988": (
        "Ehlert FJ. Estimation of the affinities of allosteric ligands using radioligand binding and pharmacological "
        "null methods. Mol Pharmacol 1988;33:187–194."
    ),
    "finney_1978": "Finney DJ. Statistical Method in Biological Assay, 3rd ed. Griffin, 1978.",
    "gourieroux_1993": (
        "Gourieroux C, Monfort A, Renault E. Indirect inference. J Appl Econometrics 1993;8:S85–S118."
    ),
    "jarmoskaite_2020": (
        "Jarmoskaite I, AlSadhan I, Vaidyanathan PP, Herschlag D. How to measure and evaluate binding affinities. "
        "eLife 2020;9:e57264."
    ),
    "kenakin_2012": (
        "Kenakin T, Watson C, Muniz-Medina V, Christopoulos A, Novick S. A simple method for quantifying functional "
        "selectivity and agonist bias. ACS Chem Neurosci 2012;3:193–203."
    ),
    "lazareno_birdsall_1995": (
        "Lazareno S, Birdsall NJM. Detection, quantitation, and verification of allosteric interactions of agents with "
        "labeled and unlabeled ligands at G protein-coupled receptors. Mol Pharmacol 1995;48:362–378."
    ),
    "kostenis_mohr_1996": (
        "Kostenis E, Mohr K. Two-point kinetic experiments to quantify allosteric effects on radioligand dissociation. "
        "Trends Pharmacol Sci 1996;17:280–283."
    ),
    "leach_2007": (
        "Leach K, Sexton PM, Christopoulos A. Allosteric GPCR modulators: taking advantage of permissive receptor "
        "pharmacology. Trends Pharmacol Sci 2007;28:382–389."
    ),
    "leff_dougall_1993": (
        "Leff P, Dougall IG. Further concerns over Cheng-Prusoff analysis. Trends Pharmacol Sci "
        "1993;14:110–112."
    ),
    "lew_angus_1995": (
        "Lew MJ, Angus JA. Analysis of competitive agonist-antagonist interactions by nonlinear regression. Trends "
        "Pharmacol Sci 1995;16:328–337."
    ),
    "morrison_1969": (
        "Morrison JF. Kinetics of the reversible inhibition of enzyme-catalysed reactions by tight-binding inhibitors. "
        "Biochim Biophys Acta 1969;185:269–286."
    ),
    "motulsky_brown_2006": (
        "Motulsky HJ, Brown RE. Detecting outliers when fitting data with nonlinear regression. BMC "
        "Bioinformatics 2006;7:123."
    ),
    "motulsky_christopoulos_2004": (
        "Motulsky HJ, Christopoulos A. Fitting Models to Biological Data Using Linear and Nonlinear "
        "Regression. Oxford University Press, 2004."
    ),
    "motulsky_mahan_1984": (
        "Motulsky HJ, Mahan LC. The kinetics of competitive radioligand binding predicted by the law of mass "
        "action. Mol Pharmacol 1984;25:1–9."
    ),
    "munson_rodbard_1988": (
        "Munson PJ, Rodbard D. An exact correction to the Cheng-Prusoff correction. J Recept Res "
        "1988;8:533–546."
    ),
    "neubig_2003": (
        "Neubig RR, Spedding M, Kenakin T, Christopoulos A. International Union of Pharmacology Committee on "
        "Receptor Nomenclature and Drug Classification. XXXVIII. Update on terms and symbols in quantitative "
        "pharmacology. Pharmacol Rev 2003;55:597–606."
    ),
    "nikolovska_coleska_2004": (
        "Nikolovska-Coleska Z, Wang R, Fang X, et al. Development and optimization of a binding assay for the "
        "XIAP BIR3 domain using fluorescence polarization. Anal Biochem 2004;332:261–273."
    ),
    "rosenthal_1967": (
        "Rosenthal HE. A graphic method for the determination and presentation of binding parameters in a "
        "complex system. Anal Biochem 1967;20:525–532."
    ),
    "scatchard_1949": (
        "Scatchard G. The attractions of proteins for small molecules and ions. Ann N Y Acad Sci "
        "1949;51:660–672."
    ),
    "sebaugh_2011": "Sebaugh JL. Guidelines for accurate EC50/IC50 estimation. Pharm Stat 2011;10:128–134.",
    "segel_1975": "Segel IH. Enzyme Kinetics. Wiley, 1975.",
    "sigurskjold_2000": (
        "Sigurskjold BW. Exact analysis of competition ligand binding by displacement isothermal titration "
        "calorimetry. Anal Biochem 2000;277:260–266."
    ),
    "swillens_1995": (
        "Swillens S. Interpretation of binding curves obtained with high receptor concentrations: practical "
        "aid for computer analysis. Mol Pharmacol 1995;47:1197–1203."
    ),
    "venzon_moolgavkar_1988": (
        "Venzon DJ, Moolgavkar SH. A method for computing profile-likelihood-based confidence intervals. J R "
        "Stat Soc C 1988;37:87–94."
    ),
    "wald_wolfowitz_1940": (
        "Wald A, Wolfowitz J. On a test whether two samples are from the same population. Ann Math Stat "
        "1940;11:147–162."
    ),
    "wang_1995": (
        "Wang Z-X. An exact mathematical expression for describing competitive binding of two different "
        "ligands to a protein molecule. FEBS Lett 1995;360:111–114."
    ),
    "welch_1947": (
        "Welch BL. The generalization of 'Student's' problem when several different population variances are "
        "involved. Biometrika 1947;34:28–35."
    ),
    "zhang_1999": (
        "Zhang J-H, Chung TDY, Oldenburg KR. A simple statistical parameter for use in evaluation and "
        "validation of high throughput screening assays. J Biomol Screen 1999;4:67–73."
    ),
    "zou_donner_2008": (
        "Zou GY, Donner A. Construction of confidence limits about effect measures: a general approach. Stat Med "
        "2008;27:1693–1702."
    ),
    "cunningham_2010": (
        "Cunningham VJ, Rabiner EA, Slifstein M, Laruelle M, Gunn RN. Measuring drug occupancy in the absence of a "
        "reference region: the Lassen plot re-visited. J Cereb Blood Flow Metab 2010;30:46–50."
    ),
    "farde_1988": (
        "Farde L, Wiesel FA, Halldin C, Sedvall G. Central D2-dopamine receptor occupancy in schizophrenic patients "
        "treated with antipsychotic drugs. Arch Gen Psychiatry 1988;45:71–76."
    ),
    "hammarlund_udenaes_2008": (
        "Hammarlund-Udenaes M, Fridén M, Syvänen S, Gupta A. On the rate and extent of drug delivery to the brain. "
        "Pharm Res 2008;25:1737–1750."
    ),
    "innis_2007": (
        "Innis RB, Cunningham VJ, Delforge J, et al. Consensus nomenclature for in vivo imaging of reversibly binding "
        "radioligands. J Cereb Blood Flow Metab 2007;27:1533–1539."
    ),
    "york_2004": (
        "York D, Evensen NM, Martínez ML, De Basabe Delgado J. Unified equations for the slope, intercept, and "
        "standard errors of the best straight line. Am J Phys 2004;72:367–375."
    ),
    "herculano_houzel_2009": (
        "Herculano-Houzel S. The human brain in numbers: a linearly scaled-up primate brain. Front Hum Neurosci "
        "2009;3:31."
    ),
    "gibaldi_perrier_1982": "Gibaldi M, Perrier D. Pharmacokinetics, 2nd ed. Marcel Dekker, 1982.",
    "lindstrom_bates_1990": (
        "Lindstrom MJ, Bates DM. Nonlinear mixed effects models for repeated measures data. Biometrics "
        "1990;46:673–687."
    ),
    "bean_1983": (
        "Bean BP, Cohen CJ, Tsien RW. Lidocaine block of cardiac sodium channels. J Gen Physiol 1983;81:613–642."
    ),
    "hill_1910": (
        "Hill AV. The possible effects of the aggregation of the molecules of haemoglobin on its dissociation curves. "
        "J Physiol 1910;40:iv–vii."
    ),
    "hille_1977": (
        "Hille B. Local anesthetics: hydrophilic and hydrophobic pathways for the drug-receptor reaction. J Gen "
        "Physiol 1977;69:497–515."
    ),
    "hille_2001": "Hille B. Ion Channels of Excitable Membranes, 3rd ed. Sinauer, 2001.",
    "hodgkin_huxley_1952": (
        "Hodgkin AL, Huxley AF. The dual effect of membrane potential on sodium conductance in the giant axon of "
        "Loligo. J Physiol 1952;116:497–506."
    ),
    "ludolph_2010": (
        "Ludolph AG, Udvardi PT, Schaz U, et al. Atomoxetine acts as an NMDA receptor blocker in clinically relevant "
        "concentrations. Br J Pharmacol 2010;160:283–291."
    ),
    "starmer_grant_1985": (
        "Starmer CF, Grant AO. Phasic ion channel blockade. A kinetic model and parameter estimation procedure. Mol "
        "Pharmacol 1985;28:348–356."
    ),
    "woodhull_1973": (
        "Woodhull AM. Ionic blockage of sodium channels in nerve. J Gen Physiol 1973;61:687–708."
    ),
}


class Citations:
    """Numbers the works in the order in which they are first cited: [1], [2], [1, 3]."""

    def __init__(self) -> None:
        self._keys: list[str] = []

    def mark(self, keys: Iterable[str]) -> str:
        """The bracketed numbers of these works, or nothing where none is cited."""
        numbers = []
        for key in keys:
            if key not in self._keys:
                self._keys.append(key)
            numbers.append(self._keys.index(key) + 1)
        return f" [{', '.join(str(number) for number in numbers)}]" if numbers else ""

    @property
    def entries(self) -> tuple[str, ...]:
        """The cited works in order; a key that is not in the table is printed as it was cited."""
        return tuple(WORKS.get(key, key) for key in self._keys)
