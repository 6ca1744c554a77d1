### Every sentence of regional_atlas in English. A message that another language lacks is taken from here.

## How the language joins and counts

list-comma = {", "}
list-and = {" and "}
list-clauses = {"; "}
list-dots = {" · "}
list-phrase = {", "}
list-phrase-and = {" and "}
sentence = { CAPITAL($clauses) }.
unit-gap = {" "}
number-scales = 1e12=_tn; 1e9=_bn; 1e6=_m

## Checks of a build

check-complete = Completeness of the boundaries
check-complete-units = { $count } units; all { $required } required codes are there
check-topology = The units form a polygon coverage
check-topology-valid = no overlap, shared borders have equal vertices
check-topology-repaired =
    { $count ->
        [one] the border of { $count } unit was repaired, by up to 1 m
       *[other] the borders of { $count } units were repaired, by up to 1 m
    }
check-topology-unit =
    { $others ->
        [0] { $unit } near { $place }: { $before } → { $after } km²
       *[other] { $unit }, against { $beside }, near { $place }: { $before } → { $after } km²
    }
check-area = Area
check-area-total = { $area } km² in all (equal-area)
check-area-off = { $total }, { $off } from { $expected } km²
check-datum = Datum
check-datum-converted = { $datum } converted to WGS 84 (residual below 1e-9 degrees)
check-simplified = Simplification for the page
check-simplified-by =
    { $before } vertices to { $after }; largest area error { $largest } ({ $worst }), 99% of units within { $usual }; { $islets ->
        [one] { $islets } islet
       *[other] { $islets } islets
    } left out, { $lost } km² in all
check-stored-scores = { $title }: stored { $file }
check-stored-scores-rows = { $rows ->
    [0] equals what is computed
    [one] differs in { $rows } row
   *[other] differs in { $rows } rows
}
check-committed = Committed { $file } against the tables of indicators
check-flags = { $title }: flags { $column }
check-flags-agree = all { $count } flags agree with the ranks
check-dark-base = Units dark in the base year
check-dark-base-units =
    { $count ->
        [one] { $count } unit
       *[other] { $count } units
    } had a sum of lights below { $below } in { $year }: no growth rate; their index rests on the other indicators, weights re-scaled
check-rasters-table = Full-resolution rasters against the stored table
check-rasters-table-rows = { $rows } rows compared, largest relative difference { $largest }
check-lights-table = Yearly table of lights
check-lights-years = { $years }, { $rows } rows
check-lights-shifts = level shift { $shifts } (flagged, not smoothed)
check-lights-undeclared = undeclared level shift of the total in { $years }
check-reading = How the rasters were read and cleaned
check-reading-unknown = the stored table does not say how they were read
check-reading-way = nodata { $rule ->
    [stored] as stored
    [none] none
   *[given] as the project says
}{ $nodata }, value = stored { $decoded }
check-reading-rule = { $rule ->
    [mask_polygons] polygons of the mask took
    [extreme] the rule for infinite and extreme values took
    [quality] quality flags took
    [observations] too few observations took
    [mask] the mask took
    [negative] the rule for negative values took
    [background] the background threshold set to 0
    [upper] the upper cut took
    [saturation] saturated and kept:
   *[other] { $rule }:
} { $cells } cells
check-reading-no-rule = no cleaning rule
check-raster = Raster { $title }
check-raster-cells = valid cells over all of { $whole } of { $count } values, none in { $none }
check-raster-least = least { $share } of the area ({ $unit }, { $year })
check-blocks = Block means against the yearly table
check-blocks-differ = the same kernel over the block means: the mean differs by more than 5% for { $five } of unit-years, by more than 10% for { $ten }, median { $median }. The coarse raster is for display only
check-published = Published figures
check-published-equal = { $equal } of { $count } equal; { $open ->
    [0] every other one is explained
   *[other] { $open } differ unexplained
}
check-agreement = Agreement of { $one } with { $other }
check-agreement-found = { $found } of { $count } are found; their ranks correlate { $rho } (Spearman)

## What a build leaves out, and why

omitted-ranking = computing { $title }
omitted-indicator = indicator { $title }
omitted-table = indicator table { $name }
omitted-committed-regions = values of { $regions } in { $file }
omitted-raster = raster { $name }
omitted-space = the spatial measure { $id }
omitted-inequality = the inequality of { $id }
omitted-means = means of { $title } in regions
omitted-words = { $count ->
    [one] { $count } message
   *[other] { $count } messages
} in { $language }
why-lacks-weight = they need the weight { $weight }
omitted-members = { $count ->
    [one] { $count } member
   *[other] { $count } members
 } of { $region }
why-members = no unit answers to them; all values of the region are partial
why-stored-scores = no { $codes }; the scores stored in { $file } are used
why-other-members = these regions have other members now; compute the file again with `regional-atlas indicators`
why-committed = no file is given; the values committed in { $files } are used: ratios by unit, totals and ratios by region. To compute them, name a file with --set { $key }=…
why-lacks = no { $codes }
omitted-faults =
    { $count ->
        [one] { $count } more overlap or gap
       *[other] { $count } more overlaps and gaps
    }
why-coverage = left in the boundaries by polygon_coverage = "report"; the map draws an overlap as part of the smaller unit
why-words = the catalogue of the language lacks them; they are in English
why-no-file = no file is given; name one with --set { $key }=…

## Indicators

method-source-year = { $source }, { $year }
method-raster = { $title }: { $source }, { $year }
missing-outside-raster = outside the raster
raster-statistic = { $raster } ({ $statistic })
raster-method = { $statistic } of the cells: { $formula }; v the value of a cell, c the share of it that lies in the unit
raster-method-weights = w the weight of the cell, from { $file }
raster-method-threshold = threshold { $value } { $unit }
raster-method-years = raster of { $years }
statistic-of = { $statistic } { $argument }
missing-no-cell = no valid cell in the unit
missing-no-weight = no valid cell in the unit, or one without weight
flag-partial = valid cells over { $share } of the area
flag-partial-part = made from a raster with valid cells over a part of the area
light-sum = Sum of lights
light-sum-method = radiance summed, weighted by exact coverage fractions
light-mean = Mean radiance
light-mean-method = mean weighted by exact coverage fractions
light-lit-share = Lit-area share
light-lit-share-method = share of the area with at least { $threshold }
radiance-threshold = { $value } { $unit }
light-density = Density of light
light-density-method = sum of lights over area
light-growth = Growth of lights
light-growth-method = compound growth of the sum of lights, { $span }
light-growth-missing = dark in { $year } (sum below { $below })

## How values of units make that of a region

rule-sum = sum
rule-maximum = maximum
rule-minimum = minimum
rule-ratio = ratio of sums
rule-growth = growth of sums
rule-weighted-mean = weighted mean
rule-by-weight = by { $weight }
rule-with-codes = { $rule }: { $codes }
rule-unweighted-mean = unweighted mean
rule-none = does not add up
check-region-values = Values of regions
check-region-values-partial = { $partial } of { $count } are partial: a member has no value, has one for a part of its area only, or was not found; region_values says how many of how many have one

## Columns of exported files

column-in-english = { $title }, in English
column-level = level
column-unit-type = type of unit
column-id = id
column-id-of = { $title }, id
column-area = area
column-rank-of = { $title }: rank
column-tier-of = { $title }: tier
column-score-of = { $title }: score
column-all-of = { $title }, all
unit-km2 = km²
method-equal-area = measured in an equal-area projection
method-key = { $key } of the boundaries, text
method-exclusive = each unit once, by precedence
method-joined = joined by ';', by precedence
missing-in-none = in none of them
missing-not-ranked = not in the ranking
style-tier = tier { $tier }: ranks { $first }–{ $last }

## How plates say what they show

within-sentence = { LOWER($text) }
named-value = { $name } { $value }
# $gap: whether the names touch (none) or are parted (space) in a script without spaces.
unit-in-parent = { $unit } ({ $parent })
tier-name = tier { $tier }
tier-label = Tier { $tier } · { $ranks ->
    [one] rank { $first }
   *[other] ranks { $first }–{ $last }
}
rank-label = { $ranks ->
    [one] Rank { $first }
   *[other] Ranks { $first }–{ $last }
}
class-rank = rank
class-tiers = tiers
class-categories = categories
scheme-quantile = quantiles
scheme-quantile-formula = break i lies at place 1 + i(n − 1)/k of the n sorted values, linear between neighbours
scheme-fisher_jenks = natural breaks (Fisher–Jenks)
scheme-fisher_jenks-formula = the k classes whose squared deviations from the class means add up to the least; of equal ones, that with the lowest highest break
scheme-equal_interval = equal intervals
scheme-equal_interval-formula = break i is least + (most − least)·i/k
scheme-log = logarithmic
scheme-log-formula = the k − 1 steps below the largest value of 1–2–5, 1–3 or 1 times powers of 10: the densest whose lowest lies at or below the 40 % quantile; zero and below are in the lowest class
scheme-head_tail = head/tail breaks
scheme-head_tail-formula = break at the mean, then at the mean of what lies above it, up to k classes
scheme-manual = set by hand
scheme-manual-formula = upper bounds as given; one more class where values exceed the last
scheme-spots = { $name }, { $times } permutations, false-discovery rate { $share }
spot-not-significant = not significant
spot-isolate = no neighbours
spot-cold = cold: low among low
spot-hot = hot: high among high
spot-high-high = high among high
spot-low-high = low among high
spot-low-low = low among low
spot-high-low = high among low
spot-high-high-hot = high among high (hot spot)
spot-low-low-cold = low among low (cold spot)
spot-short-hot = hot
spot-short-cold = cold
spot-short-high-high = high-high
spot-short-low-low = low-low
years-classes = classes are made from { $first }–{ $last } together and are the same in every year
years-classes-manual = classes are the same in every year

## Findings: one sentence of clauses for each plate

finding-highest = { LOWER($title) } is highest in { $names } ({ $span })
finding-lowest = it is lowest in { $names } ({ $span })
finding-partial-areas = of { $all } areas with data, { $count } { $count ->
    [one] has it for a part of its members alone and is
   *[other] have it for a part of their members alone and are
} not compared
finding-shared = { $count } { NOUN($unit, $count) } share the highest { LOWER($title) } ({ $top })
finding-top = { $name } has the highest { LOWER($title) } ({ $value })
finding-in-year = in { $year }, { $clause }
finding-middle = the median is { $half }, and a tenth lie above { $high }
finding-below = { $count } { NOUN($unit, $count) } ({ $share }) { $count ->
    [one] lies
   *[other] lie
} below { $bound }
finding-total = from { $since } to { $until }, the { LOWER($title) } of all { NOUN($unit, 2) } together { $change ->
    [up] grew
   *[down] fell
} by { $share }
finding-median = from { $since } to { $until }, the median { LOWER($title) } of { NOUN($unit, 2) } { $change ->
    [up] rose from { $first } to { $last }
    [down] fell from { $first } to { $last }
   *[same] stayed at { $last }
}
places-first = of the first { $count } places
places-all = of the { $count } { $count ->
    [one] place
   *[other] places
}
finding-leads = { $name } leads
finding-places-one = { $places }, all are in { $first }
finding-places-two = { $places }, { $first } ({ $one }) and { $second } ({ $two }) hold { $sum }
finding-places-most = { $places }, { $first } holds most: { $one }
finding-places-tied = { $places }, { $tied } { NOUN($level, $tied) } hold { $one } each, none more
finding-categories = of { $total } { NOUN($unit, $total) }: { $counts }
finding-category = { $label } { $count }
finding-tier = { $tier } holds { $size } { NOUN($unit, $size) }: { $names }
# $named: how many names follow.
finding-tier-led = { $tier } holds { $size } { NOUN($unit, $size) }, led by { $names }
# $each: every tier with its number.
finding-tiers = { $count ->
    [one] tier { $tiers } holds { $sizes }
   *[other] tiers { $tiers } hold { $sizes }
}
finding-tiers-one = { $tier } { $size }
finding-both-high = { $count } of { $total } { NOUN($unit, $total) } { $count ->
    [one] is
   *[other] are
} in the highest class of both { LOWER($first) } and { LOWER($second) }
finding-correlation = their rank correlation is { $rho }
finding-change = from { $since } to { $until }, { LOWER($title) } { $change } in { $count } of { $total } { NOUN($unit, $total) } ({ $share })
change-rose = rose
change-more = changed by more than { $bound }
finding-gained = { $name } gained most ({ $by })
finding-clusters = { $total ->
    [one] { $total } cluster lies
   *[other] { $total } clusters lie
} in { $units } { NOUN($unit, $units) }
finding-clusters-most = { $holders ->
    [one] { $names } has most: { $count }
   *[other] { $names } have most: { $count } each
}
finding-groups-oldest = { $names } came first, in { $year }
finding-groups-most = { $count } of the { $total } clusters belong to { $group }
finding-cluster-largest = the largest is { $cluster }, { $where } ({ $size })
finding-cluster-largest-nowhere = the largest is { $cluster } ({ $size })
finding-clusters-parent = { $name } has { $count } of the { $total }, more than any other { $level }
finding-share-highest = { $name } has the highest share{ $tied ->
    [one] {""}
   *[other] {" "}(shared)
}: { $count } of { $of } ({ $share })
finding-share-second = then comes { $name }: { $count } of { $of } ({ $share })
finding-share-none = { $count } { NOUN($level, $count) } { $count ->
    [one] has
   *[other] have
} none
finding-figure-highest = { $titled ->
    [yes] { $title }:{" "}
   *[no] {""}
}highest { $of ->
    [area] in
   *[key] for
} { $names } ({ $top })
finding-figure-lowest = { $highest } and lowest { $of ->
    [area] in
   *[key] for
} { $name } ({ $least })
finding-holds = in { $year }, { $name } holds { $held } ({ $share })
finding-since = since { $year }: { $gains }
finding-moran = Moran's I of { LOWER($title) } is { $index } ({ $chance }): { $tendency ->
    [alike] neighbours are alike
    [differ] neighbours differ
   *[chance] no clearer than chance
}
p-value = p = { $p }
p-below = p < { $p }
finding-spots = { $hot } { NOUN($unit, $hot) } { $hot ->
    [one] is
   *[other] are
} { $one }, { $cold } { $other }
finding-spots-most = { $holders ->
    [one] { $names } has most { $one } ones ({ $count })
   *[other] { $names } have most { $one } ones ({ $count } each)
}
finding-maps-highest = highest are { $maps }
finding-map-highest = { $name } in { $titles }
pair-of = { LOWER($one) } – { LOWER($other) }
finding-maps-pair = the rank correlation of { $pair } is { $rho }
finding-maps-alike = most alike are { $first } (rank correlation { $near }), least alike { $last } ({ $far })
finding-level-most = among { NOUN($level, 2) }, { $holders ->
    [one] { $names } holds most: { $count } of { $total }
   *[other] { $names } hold most: { $count } of { $total } each
}
finding-ranked-parents = { $count } of { $total } { NOUN($level, $total) } { $count ->
    [one] has
   *[other] have
} a unit in the ranking
finding-front = { $holders ->
    [one] { $names } holds { $count } of the first { $first }
   *[other] { $names } hold { $count } of the first { $first } each
}
finding-widest = { $name } has most ({ $count }), from rank { $from } to { $to }
finding-regions = { $regions } { NOUN($kind, $regions) } { $regions ->
    [one] covers
   *[other] cover
} { $members } of { $total } { NOUN($unit, $total) } ({ $share })
finding-places-inside = { $inside } of the { $total ->
    [one] { $total } place
   *[other] { $total } places
} { $inside ->
    [one] lies
   *[other] lie
} in { INITIAL($kind) ->
    [a] an
    [e] an
    [i] an
    [o] an
    [u] an
   *[other] a
} { $kind }
finding-regions-most = { $holders ->
    [one] { $names } holds { $count }
   *[other] { $names } hold { $count } each
}, more than any other { $kind }
finding-regions-tied = { $holders } { NOUN($kind, $holders) } hold { $count } each, none more
finding-sum-share = in { $year }, { $name } holds { $share } of the { LOWER($title) } of all { NOUN($level, 2) }{ $complete ->
    [yes] {""}
   *[no] {" "}with complete data
}
finding-fastest = from { $since } to { $until }, { $first } grew fastest ({ $fast }), { $last } slowest ({ $slow })
finding-left-out = { $count } { NOUN($level, $count) } left out, since some of { $count ->
    [one] its
   *[other] their
} members have no data

## The page's sources and build report

source-boundaries = Boundaries
source-nightlights = Night lights
source-nightlights_rasters = Night-light rasters
index-missing = too little of the indicators' weight is available
index-method = normalised by { $normalise }, aggregated by { $aggregate }; weights: { $weights }; none where less than { $least } of the weight is available
index-weight = { $title }{ $direction ->
    [less] {" "}(−)
   *[more] {""}
} { $share }
index-percentile_rank = percentile rank
index-min_max = min–max
index-z_score = z-score
index-goalposts = goalposts
index-rank = rank
index-arithmetic = weighted arithmetic mean
index-geometric = weighted geometric mean
index-harmonic = weighted harmonic mean
index-median = median
flag-in-year = { $year }: { $flag }
check-english-names = English names
check-english-names-read = { $count } units have none: their Chinese names are transliterated to Pinyin (pypinyin)

## A page of several atlases

gallery-title = Atlases
gallery-units = { $count } { NOUN($unit, $count) }
gallery-plates = { $count ->
    [one] { $count } plate
   *[other] { $count } plates
}
gallery-years = { $years }

## Words of the page

# A noun of a project in the plural: the part that changes, and ending=replacement, one after the other.
# Both are regular expressions.
page-nounHead = .*
page-nounPlural = (?<=[sx])$=es; (?<=[cs]h)$=es; (?<=[^aeiou])y$=ies; (?<=[^s])$=s
page-plates = Plates
page-story = Story
page-storyStep = Step { $step } of { $count }
page-storyPrevious = Previous step
page-storyNext = Next step
page-storyLeave = Explore
page-storyBack = Back to the story
page-sources = Sources and build report
page-about = About
page-search = Search a place, an area or a code
page-searchTable = Search in the table
page-noMatch = No place matches
page-noMatchHint = Try a name, a code, or the area around it
page-noRows = Nothing matches these filters
page-clearFilters = Clear filters
page-filter = Filter
page-removeFilter = Remove filter
page-tier = Tier
page-unitType = Type
page-back = Back
page-close = Close
page-unit = Name
page-notInRegion = Ranked, in no region
page-noneEligible = no eligible units
page-rank = Rank
page-score = Score
page-ranks = Ranks
page-place = In
page-notRanked = not ranked
page-notEligible = not eligible
page-noData = no data
page-unranked = Not ranked
page-otherMembers = Other members
page-outline = Extent, overlaps included
page-clusterNote = circles are linked to their units
page-ofEligible = of the eligible
page-more = more, see the table
page-listSeparator = ,{" "}
page-counted = Ranked
page-all = (all)
page-countedAll = With overlaps
page-units = Units
page-ofUnits = Eligible
page-share = Share
page-best = Best rank
page-cluster = Cluster
page-group = Group
page-size = Size
page-area = Area
page-type = Type
page-code = Code
page-belongs = Regions
page-exclusive = counted here
page-overlapping = overlap, counted elsewhere
page-clusters = Clusters
page-figures = Figures
page-method = Method
page-source = Source
page-licence = Licence
page-vintage = Vintage
page-members = Members
page-show = Show
page-onlyThis = Filter to this
page-zoomTo = Zoom to
page-zoomIn = Zoom in
page-zoomOut = Zoom out
page-wholeMap = Whole map
page-equalArea = Equal-area projection
page-webMercator = Web mercator projection
page-mercatorHint = areas grow towards the poles
page-loadTiles = Load a background from
page-ownTiles = the sources that the page's author added
page-tileKey = Key for the tiles
page-tilesShifted = The tiles have another datum than the data: they lie some hundred metres apart
page-reviewNumber = Map review number
page-notReviewed = Not reviewed
page-year = Year
page-play = Play
page-pause = Pause
page-raster = Light image
page-levelShift = level shift
page-theme = Dark mode
page-print = Print
page-help = Keyboard
page-of = of
page-classes = Classes
page-class = Class
page-allUnits = all units
page-countsHint = In brackets the interval of the number when weights, methods or memberships vary
page-rankInterval = Interval of the rank when weights and methods vary
page-alike = ≈ intervals of the ranks overlap: they cannot be told apart
page-alikeCount = units overlap with its interval
page-dimensions = Scores by dimension
page-tierChance = probability of the tier
page-ownClasses = Each map has classes of its own, shown below it
page-allMaps = All maps
page-allYears = All years
page-joins = Joins
page-table = Table
page-excerpt = The first { $n } of { $all } rows; the page saves all of them as CSV.
page-rows = Rows
page-matched = Matched
page-renamed = Renamed
page-ambiguous = Ambiguous
page-unmatched = Unmatched
page-unitsWithout = Units without
page-checks = Checks
page-passed = Passed
page-attention = Attention
page-omissions = Left out
page-nothingOmitted = Nothing was left out
page-citations = Data sources
page-projection = Projection
page-datum = Datum
page-builtBy = Built by regional_atlas, version
page-mapLabel = Map
page-legend = Legend
page-expand = Expand
page-collapse = Collapse
page-loading = Reading the atlas…
page-failed = The atlas cannot be opened
page-failedHint = The file may have been saved incompletely, or the browser is too old (Chrome, Edge, Firefox or Safari of 2023 or later is needed). Please get the file again.
page-keySearch = search
page-keyPlates = previous / next plate
page-keyYears = previous / next year or small map
page-keyStory = previous / next step of the story
page-keyArrows = move in lists and the table
page-keyEnter = open the unit
page-keyBack = back
page-keyHelp = this list
page-selected = Selected
page-weights = Weights
page-ownWeights = yours
page-gained = Change
page-gainMost = gaining most { $names }
page-loseMost = losing most { $names }
page-clauseSeparator = { "; " }
page-equalWeights = Equal weights
page-onlyOf = Only: { $title }
page-publishedWeights = Back to the published weights
page-normalisation = Normalisation
page-aggregation = Aggregation
page-charts = Charts
page-bar = Bars
page-histogram = Histogram
page-scatter = Scatter
page-treemap = Treemap
page-strip = Strip
page-line = Years
page-lorenz = Lorenz
page-profile = Profile
page-stacked = Stacked
page-timeline = Timeline
page-bubble = Bubbles
page-noYear = no year
page-against = Against
page-median = Median
page-gini = Gini
page-shareOfUnits = Share of units
page-noLorenz = No Lorenz curve: values below zero, or nothing to share
page-surpasses = Share of all units that it surpasses
page-changeClasses = Change classes and colours
page-scheme = Scheme
page-breaks = Breaks
page-palette = Colours
page-publishedClasses = Back to the published classes
page-range = Value
page-least = At least
page-most = At most
page-top = First
page-radius = Radius, km
page-pointOnMap = a point on the map
page-center = around
page-shownFirst = { $count } of { $total } shown, first { $names }
page-shownAll = { $count } of { $total } shown: { $names }
page-drawBox = Draw a box
page-neighbours = Neighbours
page-add = Add
page-compare = Compare
page-compared = Side by side
page-standing = Strengths and weaknesses
page-standingHint = Share of units surpassed:{" "}
page-lessIsBetter = less is better
page-peers = Peers
page-export = Export and share
page-asPng = Map as picture (PNG)
page-asSvg = Map as drawing (SVG)
page-chartAsPng = Chart as picture (PNG)
page-chartAsSvg = Chart as drawing (SVG)
page-withoutTiles = Pictures leave the background tiles out: a browser does not hand on what another host sends
page-filtered = Filtered:
page-asCsv = Table (CSV)
page-asGeoJson = Map data (GeoJSON)
page-copyLink = Copy the link
page-copyEmbed = Copy the embed code
page-copied = Copied
page-frameworks = Frameworks of the indices
page-frameworkHint = Weights are shares of the whole index; what has no data passes its weight to its siblings (in brackets: the share as judged)
page-used = used
page-proxy = proxy
page-absent = no data
page-dataCoverage = data for, by weight:
page-lessIsBetter = less is better
page-keyCompare = compare the unit
page-areaValues = Totals and averages
page-shareOfAll = { $share } of all
page-shareOfData = { $share } of all units with data
page-allWithData = all units with data
page-someWithout = {"*"} some members have no data
page-otherFormat = The data in this page is of another version of the format than its script. Please build the page again with one version of regional-atlas.
page-labelled = { $label }: { $text }
page-within = { $inner }, { $outer }
page-parenthesis = { $text } ({ $more })
page-unitsCounted = { $count } { NOUN($unit, $count) }
page-countOf = { $count } of { $total }
page-withData = { $data } of { $members } members have data
page-withDataOf = with data
page-withPart = some members have data for a part of their area
page-rankOf = rank { $rank }
page-tierNumber = Tier { $tier }
page-tierRanks = Tier { $tier } (ranks { $first }–{ $last })
page-leadWithWeights = With your weights: the first three are { $names }
page-firstOf = { $title }: top { $count }
page-nearTo = within { $km } km of { $unit }
page-nextTo = { $unit } and its neighbours
page-inBox = In the box
page-distribution = { $count } units, { $least } to { $most }, median { $median }
page-tenthHolds = the highest tenth holds { $share }
page-mapOf = Map: { $title }, { $units }
page-mapFiltered = { $count } pass the filters
page-mapRange = { $least } to { $most }
page-mapHighest = highest: { $names }
page-mapLowest = lowest: { $names }
page-mapWithout = { $count } without data
page-mapClass = { $label }: { $count }
page-mapNotRanked = { $count } not ranked
page-mapFirst = first: { $names }
page-mapLast = last: { $name }
page-mapAxes = across { $across }, up { $up }
page-mapBoth = highest class of both: { $high }, lowest of both: { $low }
page-mapEither = highest across and lowest up: { $first }, the other way round: { $second }
page-mapMost = most of { $what }: { $names }
page-mapNotEligible = { $count } without eligible units
page-mapLowestHeld = lowest of those that have any: { $names }
page-mapNone = { $count } have none
page-mapClusters = { $count } clusters in { $where }
page-mapLargest = largest: { $names }
page-mapMarked = { $count } marked: { $ranking }
page-clauseSeparator = {"; "}
page-sentence = { $clauses }.
page-language = Language
page-schemeRepeated = { $title } (only { $count }: values repeat)
page-schemeNarrow = { $title } (only { $count }: the values span few steps)
page-schemeMerged = { $title } (neighbours of { $count } values taken together)
page-schemeMiddle = { $title } (around { $middle })

## What a project file leaves out

level-unit = unit
plates-group = Maps
figure-title = Figure { $number }
projection-conic = Albers equal-area conic ({ $first } and { $second }, central meridian { $meridian })
projection-azimuthal = Lambert azimuthal equal-area (centre { $parallel }, { $meridian })
projection-cylindrical = Cylindrical equal-area ({ $parallel } true to scale, central meridian { $meridian })
