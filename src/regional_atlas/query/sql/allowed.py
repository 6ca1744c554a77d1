"""What a query may be made of: grammar, types and functions, each by name; the rest is refused.

Of the engine's functions, those for rasters are left out, as they read files, and those that
change the metadata of a column, as they could make a coordinate system that names files.
"""

from __future__ import annotations

__all__ = ["CRS_FROM", "FUNCTIONS", "NODES", "TABLE_FUNCTIONS", "TYPES"]


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


NODES = _names(
    """
    Select Union Intersect Except Subquery With CTE Values Tuple From Join Lateral Unnest Table
    TableAlias Alias Where Group Cube Rollup GroupingSets Having Qualify Window WindowSpec
    Order Ordered Limit LimitOptions Fetch Offset Distinct Identifier Column Star Dot Bracket
    Slice Array Paren Literal Null Boolean Var Anonymous Filter WithinGroup IgnoreNulls
    RespectNulls Cast TryCast DataType DataTypeParam Extract Trim StrPosition Substring Overlay
    Interval AtTimeZone CurrentDate CurrentTime CurrentTimestamp Case If And Or Not EQ NEQ GT
    GTE LT LTE Is NullSafeEQ NullSafeNEQ In Between Exists Any All Like ILike SimilarTo
    RegexpLike RegexpILike Escape Add Sub Mul Div Mod Neg DPipe
    """
)
TYPES = _names(
    """
    BOOLEAN TINYINT SMALLINT INT BIGINT FLOAT DOUBLE DECIMAL CHAR VARCHAR TEXT DATE TIME
    TIMESTAMP TIMESTAMPTZ
    """
)
FUNCTIONS = _names(
    """
    abs acos acosh asin asinh atan atan2 atanh cbrt ceil cos cosh cot degrees exp factorial
    floor gcd isnan iszero lcm ln log log10 log2 nanvl pi pow power radians rand random round
    signum sin sinh sqrt tan tanh trunc

    ascii bit_length btrim char_length character_length chr concat concat_ws contains decode
    encode ends_with find_in_set initcap instr left length levenshtein lower lpad ltrim
    octet_length overlay position regexp_count regexp_instr regexp_like regexp_match
    regexp_replace repeat replace reverse right rpad rtrim split_part starts_with
    string_to_array string_to_list strpos substr substr_index substring substring_index to_hex
    translate trim upper uuid

    current_date current_time current_timestamp date_bin date_format date_part date_trunc
    datepart datetrunc from_unixtime make_date make_time now to_char to_date to_local_time
    to_time to_timestamp to_timestamp_micros to_timestamp_millis to_timestamp_nanos
    to_timestamp_seconds to_unixtime today

    arrow_typeof coalesce greatest ifnull least nullif nvl nvl2

    array_any_value array_append array_cat array_compact array_concat array_contains array_dims
    array_distance array_distinct array_element array_empty array_except array_extract
    array_has array_has_all array_has_any array_indexof array_intersect array_join array_length
    array_max array_min array_ndims array_normalize array_pop_back array_pop_front
    array_position array_positions array_prepend array_push_back array_push_front array_remove
    array_remove_all array_remove_n array_repeat array_replace array_replace_all
    array_replace_n array_resize array_reverse array_slice array_sort array_to_string
    array_union arrays_overlap arrays_zip cardinality cosine_distance dot_product element_at
    empty flatten generate_series get_field inner_product list_any_value list_append list_cat
    list_compact list_concat list_contains list_dims list_distance list_distinct list_element
    list_empty list_except list_extract list_has list_has_all list_has_any list_indexof
    list_intersect list_join list_length list_max list_ndims list_normalize list_pop_back
    list_pop_front list_position list_positions list_prepend list_push_back list_push_front
    list_remove list_remove_all list_remove_n list_repeat list_replace list_replace_all
    list_replace_n list_resize list_reverse list_slice list_sort list_to_string list_union
    list_zip make_array make_list map map_entries map_extract map_keys map_values named_struct
    range row struct union_extract union_tag unnest

    s2_cellidfrompoint s2_coveringcellids st_affine st_area st_asbinary st_asewkb st_asgeojson
    st_astext st_aswkb st_aswkt st_azimuth st_boundary st_buffer st_buildarea st_centroid
    st_closestpoint st_concavehull st_contains st_convexhull st_coveredby st_covers st_crosses
    st_crs st_delaunaytriangles st_difference st_dimension st_disjoint st_distance st_dump
    st_dwithin st_endpoint st_envelope st_equals st_exteriorring st_flipcoordinates st_force2d
    st_force3d st_force3dm st_force3dz st_force4d st_geogfromtext st_geogfromwkb st_geogfromwkt
    st_geogpoint st_geohash st_geomcollfromtext st_geometryfromtext st_geometryn
    st_geometrytype st_geomfromewkb st_geomfromewkt st_geomfromtext st_geomfromwkb
    st_geomfromwkt st_hasm st_hasz st_hausdorffdistance st_interiorringn st_intersection
    st_intersects st_isclosed st_iscollection st_isempty st_isring st_issimple st_isvalid
    st_isvalidreason st_knn st_length st_linefromtext st_linefromwkb st_lineinterpolatepoint
    st_linelocatepoint st_linemerge st_linestringfromtext st_linestringfromwkb st_linesubstring
    st_longestline st_m st_makeenvelope st_makeline st_makevalid st_maxdistance
    st_minimumclearance st_minimumclearanceline st_mlinefromtext st_mmax st_mmin
    st_mpointfromtext st_mpolyfromtext st_normalize st_npoints st_nrings st_numgeometries
    st_numinteriorring st_numinteriorrings st_numpoints st_overlaps st_perimeter st_point
    st_pointfromtext st_pointfromwkb st_pointm st_pointn st_pointonsurface st_points st_pointz
    st_pointzm st_polygonfromtext st_polygonize st_reduceprecision st_relate st_reverse
    st_rotate st_rotatex st_rotatey st_scale st_segmentize st_setcrs st_setsrid st_shortestline
    st_simplify st_simplifypreservetopology st_snap st_srid st_startpoint st_symdifference
    st_tessellategeog st_tessellategeom st_togeography st_togeometry st_touches st_transform
    st_translate st_unaryunion st_union st_within st_x st_xmax st_xmin st_y st_ymax st_ymin
    st_z st_zmax st_zmflag st_zmin

    approx_distinct approx_median approx_percentile_cont approx_percentile_cont_with_weight
    array_agg avg bit_and bit_or bit_xor bool_and bool_or corr count covar covar_pop covar_samp
    first_value grouping last_value max mean median min nth_value percentile_cont quantile_cont
    regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy
    st_analyze_agg st_collect_agg st_convexhull_agg st_envelope_agg st_intersection_agg
    st_polygonize_agg st_union_agg stddev stddev_pop stddev_samp string_agg sum var var_pop
    var_population var_samp var_sample

    cume_dist dense_rank lag lead ntile percent_rank rank row_number
    """
)
"""In lower case: scalar and spatial functions, aggregates, window functions."""
TABLE_FUNCTIONS = frozenset({"generate_series", "range", "unnest"})
# Where the coordinate system stands among the arguments: its definition can name files to read.
CRS_FROM = {
    "st_geogfromtext": 1, "st_geogfromwkb": 1, "st_geogfromwkt": 1, "st_geogpoint": 2,
    "st_geomcollfromtext": 1, "st_geometryfromtext": 1, "st_geomfromtext": 1, "st_geomfromwkb": 1,
    "st_geomfromwkt": 1, "st_linefromtext": 1, "st_linefromwkb": 1, "st_linestringfromtext": 1,
    "st_linestringfromwkb": 1, "st_makeenvelope": 4, "st_mlinefromtext": 1, "st_mpointfromtext": 1,
    "st_mpolyfromtext": 1, "st_point": 2, "st_pointfromtext": 1, "st_pointfromwkb": 1,
    "st_polygonfromtext": 1, "st_setcrs": 1, "st_transform": 1,
}  # fmt: skip
