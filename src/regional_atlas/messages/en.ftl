### Every sentence of regional_atlas in English. A message that another language lacks is taken from here.

## How the language joins and counts

language-name = English
list-comma = {", "}
list-and = {" and "}
list-clauses = {"; "}
sentence-end = .
number-scales = 1e12=_tn; 1e9=_bn; 1e6=_m

## Checks of a build

check-complete = Completeness of the boundaries
check-complete-units = { $count } units; all { $required } required codes are there
check-topology = The units form a polygon coverage
check-topology-valid = no overlap, shared borders have equal vertices
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
omitted-raster = raster { $name }
omitted-space = the spatial measure { $id }
omitted-inequality = the inequality of { $id }
omitted-means = means of { $title } in regions
why-lacks-weight = they need the weight { $weight }
why-stored-scores = no { $codes }; the scores stored in { $file } are used
why-lacks = no { $codes }
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
check-region-values-partial = { $partial } of { $count } are partial: some members have no value; region_values says how many of how many do

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

## Words of the page

page-plates = Plates
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
page-showFigures = Sources and methods
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
page-countsHint = In brackets the interval of the number when weights and methods vary
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
page-keyArrows = move in lists and the table
page-keyEnter = open the unit
page-keyBack = back
page-keyHelp = this list
page-selected = Selected
page-sortBy = Sort by
page-matchingUnits = Units
page-matchingAreas = Areas
page-weights = Weights
page-ownWeights = yours
page-publishedWeights = Back to the published weights
page-normalisation = Normalisation
page-aggregation = Aggregation
page-percentileRank = percentile ranks
page-minMax = min–max
page-zScore = z-scores
page-arithmetic = arithmetic mean
page-geometric = geometric mean
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
page-drawBox = Draw a box
page-neighbours = Neighbours
page-add = Add
page-compare = Compare
page-compared = Side by side
page-standing = Strengths and weaknesses
page-standingHint = Share of units surpassed:{" "}
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

## What a project file leaves out

level-unit = unit
plates-group = Maps
figure-title = Figure { $number }
projection-conic = Albers equal-area conic ({ $first } and { $second }, central meridian { $meridian })
projection-azimuthal = Lambert azimuthal equal-area (centre { $parallel }, { $meridian })
projection-cylindrical = Cylindrical equal-area ({ $parallel } true to scale, central meridian { $meridian })
