### Toutes les phrases de regional_atlas en français.

## Comment la langue énumère et compte

list-comma = {", "}
list-and = {" et "}
list-clauses = {" ; "}
list-dots = {" · "}
list-phrase = {", "}
list-phrase-and = {" et "}
sentence = { CAPITAL($clauses) }.
unit-gap = {" "}
number-scales = 1e12=_bill.; 1e9=_Md; 1e6=_M

## Vérifications d'une construction

check-complete = Complétude des limites
check-complete-units = { $count } unités ; les { $required } codes requis sont présents
check-topology = Les unités forment une couverture de polygones
check-topology-valid = aucun recouvrement, les limites communes ont les mêmes sommets
check-topology-repaired =
    { $count ->
        [one] la limite de { $count } unité a été corrigée, de 1 m au plus
       *[other] les limites de { $count } unités ont été corrigées, de 1 m au plus
    }
check-topology-unit =
    { $others ->
        [0] { $unit } près de { $place } : { $before } → { $after } km²
       *[other] { $unit }, contre { $beside }, près de { $place } : { $before } → { $after } km²
    }
check-area = Superficie
check-area-total = { $area } km² en tout (projection équivalente)
check-area-off = { $total }, { $off } par rapport à { $expected } km²
check-datum = Système géodésique
check-datum-converted = { $datum } converti en WGS 84 (résidu inférieur à 1e-9 degré)
check-simplified = Simplification pour la page
check-simplified-by = { $before } sommets ramenés à { $after } ; erreur de superficie au plus { $largest } ({ $worst }), 99 % des unités sous { $usual } ; { $islets ->
    [one] { $islets } îlot omis
   *[other] { $islets } îlots omis
}, { $lost } km² en tout
check-stored-scores = { $title } : { $file } conservé
check-stored-scores-rows = { $rows ->
    [0] identique au calcul
    [one] diffère sur { $rows } ligne
   *[other] diffère sur { $rows } lignes
}
check-committed = { $file } conservé, comparé aux tables d'indicateurs
check-flags = { $title } : marques { $column }
check-flags-agree = les { $count } marques concordent avec les rangs
check-dark-base = Unités sombres l'année de base
check-dark-base-units =
    { $count ->
        [one] { $count } unité avait
       *[other] { $count } unités avaient
    } une somme de lumière inférieure à { $below } en { $year } : pas de taux de croissance ; leur indice repose sur les autres indicateurs, poids recalculés
check-rasters-table = Rasters en pleine résolution et table conservée
check-rasters-table-rows = { $rows } lignes comparées, plus grand écart relatif { $largest }
check-lights-table = Table annuelle des lumières
check-lights-years = { $years }, { $rows } lignes
check-lights-shifts = rupture de niveau { $shifts } (signalée, non lissée)
check-lights-undeclared = rupture du total non déclarée en { $years }
check-reading = Lecture et nettoyage des rasters
check-reading-unknown = la table conservée ne dit pas comment ils ont été lus
check-reading-way = valeur manquante { $rule ->
    [stored] selon le fichier
    [none] aucune
   *[given] selon le projet
}{ $nodata }, valeur = valeur stockée { $decoded }
check-reading-rule = { $rule ->
    [mask_polygons] retirées par les polygones du masque :
    [extreme] infinies ou extrêmes, retirées :
    [quality] retirées par les indicateurs de qualité :
    [observations] retirées faute d'observations :
    [mask] retirées par le masque :
    [negative] valeurs négatives traitées :
    [background] mises à 0 sous le seuil de fond :
    [upper] retirées au-dessus de la limite :
    [saturation] saturées et gardées :
   *[other] { $rule } :
} { $cells } cellules
check-reading-no-rule = aucune règle de nettoyage
check-raster = Raster { $title }
check-raster-cells = { $whole } des { $count } valeurs ont des cellules valides sur toute leur unité, { $none } n'en ont aucune
check-raster-least = au minimum { $share } de la surface ({ $unit }, { $year })
check-blocks = Moyennes par blocs et table annuelle
check-blocks-differ = même calcul sur les moyennes par blocs : la moyenne s'écarte de plus de 5 % pour { $five } des unités-années, de plus de 10 % pour { $ten }, médiane { $median }. Le raster grossier ne sert qu'à l'affichage
check-published = Chiffres publiés
check-published-equal = { $equal } sur { $count } égaux ; { $open ->
    [0] les autres sont expliqués
   *[other] { $open } écarts sans explication
}
check-agreement = Concordance entre { $one } et { $other }
check-agreement-found = { $found } sur { $count } retrouvés ; corrélation de leurs rangs { $rho } (Spearman)

## Ce qui est omis, et pourquoi

omitted-ranking = le calcul de { $title }
omitted-indicator = l'indicateur { $title }
omitted-table = la table d'indicateurs { $name }
omitted-committed-regions = les valeurs de { $regions } dans { $file }
omitted-raster = le raster { $name }
omitted-space = la mesure spatiale { $id }
omitted-inequality = l'inégalité de { $id }
omitted-means = moyennes de { $title } par région
omitted-words = { $count ->
    [one] { $count } message
   *[other] { $count } messages
} en { $language }
why-lacks-weight = il leur faut le poids { $weight }
omitted-members = { $count ->
    [one] { $count } membre
   *[other] { $count } membres
 } de { $region }
why-members = aucune unité ne leur correspond ; toutes les valeurs de la région sont partielles
why-stored-scores = sans { $codes } ; les scores conservés dans { $file } sont utilisés
why-other-members = les membres de ces régions ont changé ; recalculez le fichier avec `regional-atlas indicators`
why-committed = aucun fichier n'est donné ; les valeurs conservées dans { $files } sont utilisées : rapports par unité, totaux et rapports par région. Pour les calculer, nommez un fichier avec --set { $key }=…
why-lacks = sans { $codes }
omitted-faults =
    { $count ->
        [one] { $count } autre recouvrement ou lacune
       *[other] { $count } autres recouvrements et lacunes
    }
why-coverage = laissé dans les limites par polygon_coverage = "report" ; la carte dessine un recouvrement comme partie de la plus petite unité
why-words = le catalogue de la langue ne les a pas ; ils sont en anglais
why-no-file = aucun fichier n'est donné ; nommez-le avec --set { $key }=…

## Indicateurs

method-source-year = { $source }, { $year }
method-raster = { $title } : { $source }, { $year }
missing-outside-raster = hors du raster
raster-statistic = { $raster } ({ $statistic })
raster-method = { $statistic } des cellules : { $formula } ; v valeur d'une cellule, c part de celle-ci dans l'unité
raster-method-weights = w poids de la cellule, de { $file }
raster-method-threshold = seuil { $value } { $unit }
raster-method-years = raster de { $years }
statistic-of = { $statistic } { $argument }
missing-no-cell = aucune cellule valide dans l'unité
missing-no-weight = aucune cellule valide dans l'unité, ou une cellule sans poids
flag-partial = cellules valides sur { $share } de la surface
flag-partial-part = tiré d'un raster dont les cellules valides ne couvrent qu'une partie de la surface
light-sum = Somme des lumières
light-sum-method = somme des radiances, pondérée par la part exacte de chaque cellule
light-mean = Radiance moyenne
light-mean-method = moyenne pondérée par la part exacte de chaque cellule
light-lit-share = Part de la superficie éclairée
light-lit-share-method = part de la superficie avec au moins { $threshold }
radiance-threshold = { $value } { $unit }
light-density = Densité de lumière
light-density-method = somme des lumières rapportée à la superficie
light-growth = Croissance des lumières
light-growth-method = croissance annuelle composée de la somme des lumières, { $span }
light-growth-missing = sombre en { $year } (somme inférieure à { $below })

## Comment les valeurs des unités font celle d'une région

rule-sum = somme
rule-maximum = maximum
rule-minimum = minimum
rule-ratio = rapport des sommes
rule-growth = croissance des sommes
rule-weighted-mean = moyenne pondérée
rule-by-weight = par { $weight }
rule-with-codes = { $rule } : { $codes }
rule-unweighted-mean = moyenne non pondérée
rule-none = ne s'additionne pas
check-region-values = Valeurs des régions
check-region-values-partial = { $partial } sur { $count } sont partielles : un membre n'a pas de valeur, n'en a que pour une partie de sa surface, ou n'a pas été trouvé ; region_values dit combien en ont une

## Colonnes des fichiers exportés

column-in-english = { $title }, en anglais
column-level = niveau
column-unit-type = type d'unité
column-id = code
column-id-of = { $title }, code
column-area = superficie
column-rank-of = { $title } : rang
column-tier-of = { $title } : groupe
column-score-of = { $title } : score
column-all-of = { $title }, toutes
unit-km2 = km²
method-equal-area = mesurée dans une projection équivalente
method-key = { $key } des limites, texte
method-exclusive = chaque unité une seule fois, par priorité
method-joined = réunies par « ; », par priorité
missing-in-none = dans aucune
missing-not-ranked = hors du classement
style-tier = groupe { $tier } : rangs { $first }–{ $last }

## Ce que disent les cartes

within-sentence = { LOWER($text) }
named-value = { $name } { $value }
unit-in-parent = { $unit } ({ $parent })
tier-name = groupe { $tier }
tier-label = Groupe { $tier } · { $ranks ->
    [one] rang { $first }
   *[other] rangs { $first } à { $last }
}
rank-label = { $ranks ->
    [one] Rang { $first }
   *[other] Rangs { $first } à { $last }
}
class-rank = rang
class-tiers = groupes
class-categories = catégories
scheme-quantile = quantiles
scheme-quantile-formula = la borne i est à la place 1 + i(n − 1)/k des n valeurs triées, linéaire entre voisines
scheme-fisher_jenks = seuils naturels (Fisher–Jenks)
scheme-fisher_jenks-formula = les k classes dont la somme des carrés des écarts aux moyennes est la plus petite ; à égalité, celle dont la plus haute borne est la plus basse
scheme-equal_interval = intervalles égaux
scheme-equal_interval-formula = la borne i est minimum + (maximum − minimum)·i/k
scheme-log = logarithmique
scheme-log-formula = les k − 1 pas 1–2–5, 1–3 ou 1 fois une puissance de 10 sous la plus grande valeur : les plus serrés dont le plus bas ne dépasse pas le quantile à 40 % ; zéro et moins sont dans la classe la plus basse
scheme-head_tail = seuils tête/queue
scheme-head_tail-formula = borne à la moyenne, puis à la moyenne de ce qui la dépasse, jusqu’à k classes
scheme-manual = à la main
scheme-manual-formula = bornes supérieures données ; une classe de plus si des valeurs dépassent la dernière
scheme-spots = { $name }, { $times } permutations, taux de fausses découvertes { $share }
spot-not-significant = non significatif
spot-isolate = sans voisin
spot-cold = froid : bas parmi les bas
spot-hot = chaud : haut parmi les hauts
spot-high-high = haut parmi les hauts
spot-low-high = bas parmi les hauts
spot-low-low = bas parmi les bas
spot-high-low = haut parmi les bas
spot-high-high-hot = haut parmi les hauts (point chaud)
spot-low-low-cold = bas parmi les bas (point froid)
spot-short-hot = point chaud
spot-short-cold = point froid
spot-short-high-high = haut-haut
spot-short-low-low = bas-bas
years-classes = classes calculées sur { $first }–{ $last }, les mêmes chaque année
years-classes-manual = mêmes classes chaque année

## Constats : une phrase par carte

finding-highest = { LOWER($title) } : maximum pour { $names } ({ $span })
finding-lowest = minimum pour { $names } ({ $span })
finding-partial-areas = sur { $all } territoires ayant des données, { $count } { $count ->
    [one] n'en a que pour une partie de ses membres et n'est pas comparé
   *[other] n'en ont que pour une partie de leurs membres et ne sont pas comparés
}
finding-shared = { LOWER($title) } : { $count } { NOUN($unit, $count) } à égalité au maximum ({ $top })
finding-top = { LOWER($title) } : maximum pour { $name } ({ $value })
finding-in-year = en { $year }, { $clause }
finding-middle = la médiane est { $half }, et un dixième dépasse { $high }
finding-below = { $count } { NOUN($unit, $count) } ({ $share }) { $count ->
    [one] se situe
   *[other] se situent
} sous { $bound }
finding-total = de { $since } à { $until }, { LOWER($title) } de l’ensemble des { NOUN($unit, 2) } : { $change ->
    [up] hausse
   *[down] baisse
} de { $share }
finding-median = de { $since } à { $until }, { LOWER($title) } médian des { NOUN($unit, 2) } : { $change ->
    [up] hausse de { $first } à { $last }
    [down] baisse de { $first } à { $last }
   *[same] toujours { $last }
}
places-first = sur les { $count } premières places
places-all = sur { $count } { $count ->
    [one] place
   *[other] places
}
finding-leads = { $name } en tête
finding-places-one = { $places }, toutes sont pour { $first }
finding-places-two = { $places }, { $sum } sont pour { $first } ({ $one }) et { $second } ({ $two })
finding-places-most = { $places }, { $first } en a le plus : { $one }
finding-places-tied = { $places }, { $tied } { NOUN($level, $tied) } en ont { $one } chacune, sans que nul en ait plus
finding-categories = sur { $total } { NOUN($unit, $total) } : { $counts }
finding-category = { $label } { $count }
finding-tier = le { $tier } compte { $size } { NOUN($unit, $size) } : { $names }
finding-tier-led = le { $tier } compte { $size } { NOUN($unit, $size) }, dont { $names } en tête
finding-tiers = { $count ->
    [one] le groupe { $tiers } en compte { $sizes }
   *[other] les groupes { $tiers } en comptent { $sizes }
}
finding-tiers-one = { $tier } { $size }
finding-both-high = { $count } { NOUN($unit, $count) } sur { $total } { $count ->
    [one] est
   *[other] sont
} dans la classe la plus haute pour { LOWER($first) } et pour { LOWER($second) }
finding-correlation = leur corrélation de rang est { $rho }
finding-change = de { $since } à { $until }, { LOWER($title) } { $change } pour { $count } { NOUN($unit, $count) } sur { $total } ({ $share })
change-rose = en hausse
change-more = en variation de plus de { $bound }
finding-gained = plus forte hausse pour { $name } ({ $by })
finding-clusters = { $total ->
    [one] { $total } pôle se trouve
   *[other] { $total } pôles se trouvent
} dans { $units } { NOUN($unit, $units) }
finding-clusters-most = { $holders ->
    [one] { $names } en a le plus : { $count }
   *[other] { $names } en ont le plus : { $count } chacun
}
finding-groups-oldest = { $names } : les premiers, en { $year }
finding-groups-most = { $count } des { $total } pôles relèvent de { $group }
finding-cluster-largest = le plus grand est { $cluster }, { $where } ({ $size })
finding-cluster-largest-nowhere = le plus grand est { $cluster } ({ $size })
finding-clusters-parent = { $name } en a { $count } sur { $total }, plus que tout autre { $level }
finding-share-highest = { $name } a la plus forte part{ $tied ->
    [one] {""}
   *[other] {" "}(à égalité)
} : { $count } sur { $of } ({ $share })
finding-share-second = puis vient { $name } : { $count } sur { $of } ({ $share })
finding-share-none = { $count } { NOUN($level, $count) } n’en { $count ->
    [one] a
   *[other] ont
} aucune
finding-figure-highest = { $titled ->
    [yes] { $title } :{" "}
   *[no] {""}
}maximum pour { $names } ({ $top })
finding-figure-lowest = { $highest } et minimum pour { $name } ({ $least })
finding-holds = en { $year }, { $name } détient { $held } ({ $share })
finding-since = depuis { $year } : { $gains }
finding-moran = I de Moran de { LOWER($title) } : { $index } ({ $chance }) ; { $tendency ->
    [alike] les voisins se ressemblent
    [differ] les voisins diffèrent
   *[chance] pas plus net que le hasard
}
p-value = p = { $p }
p-below = p < { $p }
finding-spots = { $hot } { NOUN($unit, $hot) } { $one }, { $cold } { $other }
finding-spots-most = { $holders ->
    [one] { $names } en a le plus de type { $one } ({ $count })
   *[other] { $names } en ont le plus de type { $one } ({ $count } chacun)
}
finding-maps-highest = maximum de chaque carte : { $maps }
finding-map-highest = { $name } pour { $titles }
pair-of = { LOWER($one) } – { LOWER($other) }
finding-maps-pair = la corrélation de rang de { $pair } est { $rho }
finding-maps-alike = les plus proches : { $first } (corrélation de rang { $near }), les plus éloignées : { $last } ({ $far })
finding-level-most = parmi les { NOUN($level, 2) }, { $holders ->
    [one] { $names } en a le plus : { $count } sur { $total }
   *[other] { $names } en ont le plus : { $count } sur { $total } chacun
}
finding-ranked-parents = { $count } { NOUN($level, $count) } sur { $total } { $count ->
    [one] a
   *[other] ont
} une unité au classement
finding-front = { $holders ->
    [one] { $names } détient { $count } des { $first } premières places
   *[other] { $names } détiennent chacun { $count } des { $first } premières places
}
finding-widest = { $name } en a le plus ({ $count }), du rang { $from } au rang { $to }
finding-regions = { $regions } { NOUN($kind, $regions) } { $regions ->
    [one] couvre
   *[other] couvrent
} { $members } { NOUN($unit, $members) } sur { $total } ({ $share })
finding-places-inside = { $inside } des { $total ->
    [one] { $total } place
   *[other] { $total } places
} { $inside ->
    [one] est
   *[other] sont
} dans les { NOUN($kind, 2) }
finding-regions-most = { $holders ->
    [one] { $names } en détient { $count }, le plus de tous
   *[other] { $names } en détiennent { $count } chacun, le plus de tous
}
finding-regions-tied = { $holders } { NOUN($kind, $holders) } en détiennent { $count } à égalité, le plus de tous
finding-sum-share = en { $year }, { $name } représente { $share } du total des { NOUN($level, 2) }{ $complete ->
    [yes] {""}
   *[no] {" "}aux données complètes
} ({ LOWER($title) })
finding-fastest = de { $since } à { $until }, { $first } progresse le plus vite ({ $fast }), { $last } le moins ({ $slow })
finding-left-out = { $count } { NOUN($level, $count) } non { $count ->
    [one] compté
   *[other] comptés
}, faute de données pour tous les membres

## Sources et rapport de construction dans la page

source-boundaries = Limites
source-nightlights = Lumières nocturnes
source-nightlights_rasters = Rasters de lumières nocturnes
index-missing = trop peu du poids des indicateurs est disponible
index-method = normalisation : { $normalise } ; agrégation : { $aggregate } ; poids : { $weights } ; aucune valeur si moins de { $least } du poids est disponible
index-weight = { $title }{ $direction ->
    [less] {" "}(−)
   *[more] {""}
} { $share }
index-percentile_rank = rang centile
index-min_max = min–max
index-z_score = score z
index-goalposts = bornes fixes
index-rank = rang
index-arithmetic = moyenne arithmétique pondérée
index-geometric = moyenne géométrique pondérée
index-harmonic = moyenne harmonique pondérée
index-median = médiane
flag-in-year = { $year } : { $flag }
check-english-names = Noms anglais
check-english-names-read = { $count } unités n’en ont pas : leurs noms chinois sont transcrits en pinyin (pypinyin)

## Page de plusieurs atlas

gallery-title = Atlas
gallery-units = { $count } { NOUN($unit, $count) }
gallery-plates = { $count ->
    [one] { $count } carte
   *[other] { $count } cartes
}
gallery-years = { $years }

## Mots de la page

page-nounHead = .*?(?=$| (?:de|du|des|à|en|au|aux) | d[’'])
page-nounPlural = (?<=a)l(?=[ -]|$)=ux; (?<=[ae]u)(?=[ -]|$)=x; (?<=[^sxz -])(?=[ -]|$)=s
page-plates = Cartes
page-story = Récit
page-storyStep = Étape { $step } sur { $count }
page-storyPrevious = Étape précédente
page-storyNext = Étape suivante
page-storyLeave = Explorer
page-storyBack = Revenir au récit
page-sources = Sources et rapport de construction
page-about = À propos
page-search = Chercher un lieu, une région ou un code
page-searchTable = Chercher dans le tableau
page-noMatch = Aucun lieu ne correspond
page-noMatchHint = Essayez un nom, un code ou la région qui l'entoure
page-noRows = Rien ne correspond à ces filtres
page-clearFilters = Effacer les filtres
page-filter = Filtrer
page-removeFilter = Retirer le filtre
page-tier = Groupe
page-unitType = Type
page-back = Retour
page-close = Fermer
page-unit = Nom
page-notInRegion = Classées, hors de toute région
page-noneEligible = aucune unité admissible
page-rank = Rang
page-score = Score
page-ranks = Rangs
page-place = Dans
page-notRanked = non classée
page-notEligible = non admissible
page-noData = pas de données
page-unranked = Non classées
page-otherMembers = Autres membres
page-outline = Étendue, recouvrements compris
page-clusterNote = cercles reliés à leurs unités
page-ofEligible = des admissibles
page-more = de plus, voir le tableau
page-listSeparator = ,{" "}
page-counted = Classées
page-all = (toutes)
page-countedAll = Avec recouvrements
page-units = Unités
page-ofUnits = Admissibles
page-share = Part
page-best = Meilleur rang
page-cluster = Pôle
page-group = Catégorie
page-size = Taille
page-area = Superficie
page-type = Type
page-code = Code
page-belongs = Régions
page-exclusive = comptée ici
page-overlapping = recouvrement, comptée ailleurs
page-clusters = Pôles industriels
page-figures = Chiffres
page-method = Méthode
page-source = Source
page-licence = Licence
page-vintage = Millésime
page-members = Membres
page-show = Afficher
page-onlyThis = Filtrer sur cette région
page-zoomTo = Zoomer sur
page-zoomIn = Zoom avant
page-zoomOut = Zoom arrière
page-wholeMap = Carte entière
page-equalArea = Projection équivalente
page-webMercator = Projection Web Mercator
page-mercatorHint = les superficies grandissent vers les pôles
page-loadTiles = Charger un fond de carte depuis
page-ownTiles = les sources ajoutées par l'auteur de la page
page-tileKey = Clé du fond de carte
page-tilesShifted = Le fond de carte a un autre système géodésique que les données : ils sont décalés de quelques centaines de mètres
page-reviewNumber = Numéro de visa de la carte
page-notReviewed = Sans visa
page-year = Année
page-play = Lire
page-pause = Pause
page-raster = Image des lumières
page-levelShift = rupture de niveau
page-theme = Mode sombre
page-print = Imprimer
page-help = Clavier
page-of = sur
page-classes = Classes
page-class = Classe
page-allUnits = toutes les unités
page-countsHint = Entre crochets, l'intervalle du nombre quand poids, méthodes ou appartenances varient
page-rankInterval = Intervalle du rang quand poids et méthodes varient
page-alike = ≈ les intervalles des rangs se recouvrent : on ne peut les départager
page-alikeCount = unités recouvrent son intervalle
page-dimensions = Scores par dimension
page-tierChance = probabilité du groupe
page-ownClasses = Chaque carte a ses propres classes, sous elle
page-allMaps = Toutes les cartes
page-allYears = Toutes les années
page-joins = Jointures
page-table = Tableau
page-excerpt = Les { $n } premières lignes sur { $all } ; la page les enregistre toutes en CSV.
page-rows = Lignes
page-matched = Trouvées
page-renamed = Renommées
page-ambiguous = Ambiguës
page-unmatched = Sans correspondance
page-unitsWithout = Unités sans valeur
page-checks = Vérifications
page-passed = Réussi
page-attention = Attention
page-omissions = Omis
page-nothingOmitted = Rien n'a été omis
page-citations = Sources des données
page-projection = Projection
page-datum = Système géodésique
page-builtBy = Construit par regional_atlas, version
page-mapLabel = Carte
page-legend = Légende
page-expand = Déplier
page-collapse = Replier
page-loading = Lecture de l'atlas…
page-failed = L'atlas ne peut pas s'ouvrir
page-failedHint = Le fichier est peut-être incomplet, ou le navigateur trop ancien (il faut Chrome, Edge, Firefox ou Safari de 2023 ou plus récent). Récupérez le fichier à nouveau.
page-keySearch = chercher
page-keyPlates = carte précédente / suivante
page-keyYears = année ou petite carte précédente / suivante
page-keyStory = étape précédente / suivante du récit
page-keyArrows = se déplacer dans les listes et le tableau
page-keyEnter = ouvrir l'unité
page-keyBack = retour
page-keyHelp = cette liste
page-selected = Sélection
page-weights = Poids
page-ownWeights = les vôtres
page-gained = Écart
page-gainMost = plus fortes hausses : { $names }
page-loseMost = plus fortes baisses : { $names }
page-clauseSeparator = { " ; " }
page-equalWeights = Poids égaux
page-onlyOf = Seulement : { $title }
page-publishedWeights = Revenir aux poids publiés
page-normalisation = Normalisation
page-aggregation = Agrégation
page-charts = Graphiques
page-bar = Barres
page-histogram = Histogramme
page-scatter = Nuage de points
page-treemap = Carte proportionnelle
page-strip = Bande
page-line = Années
page-lorenz = Lorenz
page-profile = Profil
page-stacked = Empilé
page-timeline = Chronologie
page-bubble = Bulles
page-noYear = sans année
page-against = En ordonnée
page-median = Médiane
page-gini = Gini
page-shareOfUnits = Part des unités
page-noLorenz = Pas de courbe de Lorenz : valeurs négatives, ou rien à partager
page-surpasses = Part des unités qu'elle dépasse
page-changeClasses = Changer classes et couleurs
page-scheme = Méthode
page-breaks = Bornes
page-palette = Couleurs
page-publishedClasses = Revenir aux classes publiées
page-range = Valeur
page-least = Au moins
page-most = Au plus
page-top = Les premiers
page-radius = Rayon, km
page-pointOnMap = un point de la carte
page-center = autour de
page-shownFirst = { $count } sur { $total } affichés, d’abord { $names }
page-shownAll = { $count } sur { $total } affichés : { $names }
page-drawBox = Tracer un cadre
page-neighbours = Voisins
page-add = Ajouter
page-compare = Comparer
page-compared = Côte à côte
page-standing = Forces et faiblesses
page-standingHint = Part des unités dépassées :{" "}
page-lessIsBetter = moins vaut mieux
page-peers = Semblables
page-export = Exporter et partager
page-asPng = Carte en image (PNG)
page-asSvg = Carte en dessin (SVG)
page-chartAsPng = Graphique en image (PNG)
page-chartAsSvg = Graphique en dessin (SVG)
page-withoutTiles = Les images n'ont pas le fond de carte : un navigateur ne transmet pas ce qu'un autre hôte envoie
page-filtered = Filtré :
page-asCsv = Tableau (CSV)
page-asGeoJson = Données de la carte (GeoJSON)
page-copyLink = Copier le lien
page-copyEmbed = Copier le code d'intégration
page-copied = Copié
page-frameworks = Structure des indices
page-frameworkHint = Les poids sont des parts de l'indice entier ; ce qui n'a pas de données cède son poids à ses voisins (entre crochets : la part jugée)
page-used = utilisé
page-proxy = substitut
page-absent = pas de données
page-dataCoverage = données disponibles, en poids :
page-lessIsBetter = moins vaut mieux
page-keyCompare = comparer l'unité
page-areaValues = Totaux et moyennes
page-shareOfAll = { $share } du total
page-shareOfData = { $share } de toutes les unités avec données
page-allWithData = toutes les unités avec données
page-someWithout = {"*"} des membres n'ont pas de données
page-otherFormat = Les données de cette page sont d'une autre version du format que son programme. Reconstruisez la page avec une seule version de regional-atlas.
page-labelled = { $label } : { $text }
page-within = { $inner }, { $outer }
page-parenthesis = { $text } ({ $more })
page-unitsCounted = { $count } { NOUN($unit, $count) }
page-countOf = { $count } sur { $total }
page-withData = { $data } membres sur { $members } ont des données
page-withDataOf = avec données
page-withPart = certains membres n'ont de données que pour une partie de leur surface
page-rankOf = rang { $rank }
page-tierNumber = Groupe { $tier }
page-tierRanks = Groupe { $tier } (rangs { $first }–{ $last })
page-leadWithWeights = Avec vos poids : les trois premiers sont { $names }
page-firstOf = { $title } : les { $count } premiers
page-nearTo = à moins de { $km } km de { $unit }
page-nextTo = { $unit } et ses voisins
page-inBox = Dans le cadre
page-distribution = { $count } unités, de { $least } à { $most }, médiane { $median }
page-tenthHolds = le dixième le plus haut détient { $share }
page-mapOf = Carte : { $title }, { $units }
page-mapFiltered = { $count } passent les filtres
page-mapRange = de { $least } à { $most }
page-mapHighest = les plus hauts : { $names }
page-mapLowest = les plus bas : { $names }
page-mapWithout = { $count } sans données
page-mapClass = { $label } : { $count }
page-mapNotRanked = { $count } hors classement
page-mapFirst = les premiers : { $names }
page-mapLast = le dernier : { $name }
page-mapAxes = en largeur { $across }, en hauteur { $up }
page-mapBoth = au plus haut des deux : { $high }, au plus bas des deux : { $low }
page-mapEither = le plus haut en largeur et le plus bas en hauteur : { $first }, l’inverse : { $second }
page-mapMost = le plus de { $what } : { $names }
page-mapNotEligible = { $count } sans unité éligible
page-mapLowestHeld = les plus bas de ceux qui en ont : { $names }
page-mapNone = { $count } n’en ont pas
page-mapClusters = { $count } pôles dans { $where }
page-mapLargest = les plus grands : { $names }
page-mapMarked = { $count } marqués : { $ranking }
page-clauseSeparator = {" ; "}
page-sentence = { $clauses }.
page-language = Langue
page-schemeRepeated = { $title } (seulement { $count } : valeurs répétées)
page-schemeNarrow = { $title } (seulement { $count } : les valeurs couvrent peu de pas)
page-schemeMerged = { $title } (voisines de { $count } valeurs regroupées)
page-schemeMiddle = { $title } (autour de { $middle })

## Ce qu'un fichier de projet omet

level-unit = unité
plates-group = Cartes
figure-title = Figure { $number }
projection-conic = Conique équivalente d'Albers ({ $first } et { $second }, méridien central { $meridian })
projection-azimuthal = Azimutale équivalente de Lambert (centre { $parallel }, { $meridian })
projection-cylindrical = Cylindrique équivalente (parallèle { $parallel } à l'échelle, méridien central { $meridian })
