### regional_atlas 的全部语句，中文。

## 语言如何列举与计数

list-comma = 、
list-and = 、
list-clauses = ；
list-dots = {" · "}
list-phrase = ，
list-phrase-and = ，
sentence = { $clauses }。
unit-gap = {" "}
number-scales = 1e12=万亿; 1e8=亿; 1e4=万

## 构建检查

check-complete = 边界完整性
check-complete-units = { $count } 个单元；必备代码 { $required } 个全部存在
check-topology = 边界拓扑
check-topology-valid = 无重叠，公共边界顶点一致
check-topology-repaired = { $count } 个单元的边界经过修补，最多移动 1 米
check-topology-unit =
    { $others ->
        [0] { $unit }，位于 { $place } 附近：{ $before } → { $after } km²
       *[other] { $unit }，与 { $beside } 相接，位于 { $place } 附近：{ $before } → { $after } km²
    }
check-area = 面积
check-area-total = 合计 { $area } km²（等积投影）
check-area-off = { $total }，与 { $expected } km² 相差 { $off }
check-datum = 坐标基准
check-datum-converted = { $datum } 已精确转换为 WGS 84（残差小于 1e-9 度）
check-simplified = 页面几何简化
check-simplified-by = { $before } 个顶点减至 { $after } 个；面积误差最大 { $largest }（{ $worst }），99% 的单元不超过 { $usual }；略去 { $islets } 个小岛，共 { $lost } km²
check-stored-scores = { $title }：存档 { $file }
check-stored-scores-rows = { $rows ->
    [0] 与本次计算一致
   *[other] 有 { $rows } 行与本次计算不同
}
check-committed = 存档 { $file } 与指标表对照
check-flags = { $title }：{ $column } 标记
check-flags-agree = { $count } 个标记与名次一致
check-dark-base = 基年无灯光的单元
check-dark-base-units = { $year } 年灯光总量低于 { $below } 的单元 { $count } 个：不计增速，指数由其余指标按权重重算
check-rasters-table = 全分辨率栅格与已算表格
check-rasters-table-rows = { $rows } 行比较，最大相对差 { $largest }
check-lights-table = 灯光年表
check-lights-years = { $years } 年，{ $rows } 行
check-lights-shifts = 水平突变 { $shifts }（不作平滑）
check-lights-undeclared = { $years } 年总量突变而未在 level_shifts 中声明
check-reading = 栅格读取与清洗
check-reading-unknown = 已算表格没有记录栅格如何读取
check-reading-way = 缺失值{ $rule ->
    [stored] 按文件
    [none] 无
   *[given] 按项目
}{ $nodata }，值 = 存储值 { $decoded }
check-reading-rule = { $rule ->
    [mask_polygons] 掩膜多边形去除
    [extreme] 无穷大或极端值去除
    [quality] 质量标记去除
    [observations] 观测次数不足去除
    [mask] 掩膜栅格去除
    [negative] 负值处理
    [background] 背景归零
    [upper] 上限去除
    [saturation] 饱和（保留）
   *[other] { $rule }
} { $cells } 个像元
check-reading-no-rule = 无清洗规则
check-raster = 栅格 { $title }
check-raster-cells = { $count } 个值中 { $whole } 个的单元全部有有效像元，{ $none } 个没有
check-raster-least = 有效面积最少为 { $share }（{ $unit }，{ $year } 年）
check-blocks = 块均值栅格与年表的距离
check-blocks-differ = 同一算法在块均值上重算：{ $five } 的单元·年均值相差超过 5%，{ $ten } 超过 10%，中位差 { $median }。粗栅格只用于显示
check-published = 与公布数字对照
check-published-equal = { $count } 个数字中 { $equal } 个一致；{ $open ->
    [0] 其余均附说明
   *[other] { $open } 个差异未说明
}
check-agreement = 名次一致性：{ $one }与{ $other }
check-agreement-found = { $count } 个中有 { $found } 个同列；其中名次的等级相关系数 { $rho }

## 未包含的内容及原因

omitted-ranking = { $title }的计算
omitted-indicator = 指标 { $title }
omitted-table = 指标表 { $name }
omitted-committed-regions = { $file } 中{ $regions }的数值
omitted-raster = 栅格 { $name }
omitted-space = 空间度量 { $id }
omitted-inequality = 不平等分解 { $id }
omitted-means = { $title }的区域平均
omitted-words = { $language }的 { $count } 条用语
why-lacks-weight = 缺少权重 { $weight }
omitted-members = { $region }的 { $count } 个成员
why-members = 没有与之对应的单元；该区域的各项值均为部分数据
why-stored-scores = 缺少 { $codes }；采用此前算得的 { $file }
why-other-members = 这些区域的成员已有变动；请用 `regional-atlas indicators` 重新计算
why-committed = 未给出文件；采用存档 { $files } 中的数值：各单元的比率、各区域的总量与比率。如需计算，用 --set { $key }=… 指定文件
why-lacks = 缺少 { $codes }
omitted-faults = 另有 { $count } 处重叠或缝隙
why-coverage = 按 polygon_coverage = "report" 保留；地图把重叠部分画给面积较小的单元
why-words = 该语言的用语文件没有这些语句，以英文代替
why-no-file = 未给出文件；用 --set { $key }=… 指定

## 指标

method-source-year = { $source }，{ $year } 年
method-raster = { $title }：{ $source }，{ $year } 年
missing-outside-raster = 栅格未覆盖
raster-statistic = { $raster }（{ $statistic }）
raster-method = 像元的{ $statistic }：{ $formula }；v 为像元值，c 为像元落在单元内的比例
raster-method-weights = w 为像元的权重，取自 { $file }
raster-method-threshold = 阈值 { $value } { $unit }
raster-method-years = { $years } 年的栅格
statistic-of = { $statistic } { $argument }
missing-no-cell = 单元内没有有效像元
missing-no-weight = 单元内没有有效像元，或有像元缺少权重
flag-partial = 有效像元占面积的 { $share }
flag-partial-part = 所用栅格的有效像元只占面积的一部分
light-sum = 灯光总量
light-sum-method = 辐亮度按像元精确覆盖率加权求和
light-mean = 平均辐亮度
light-mean-method = 按像元精确覆盖率加权平均
light-lit-share = 亮灯面积占比
light-lit-share-method = 辐亮度不低于 { $threshold } 的面积占比
radiance-threshold = { $value } { $unit }
light-density = 灯光密度
light-density-method = 灯光总量除以面积
light-growth = 灯光年均增速
light-growth-method = 灯光总量 { $span } 复合年均增速
light-growth-missing = { $year } 年无灯光（总量低于 { $below }）

## 单元的值如何汇总为区域的值

rule-sum = 合计
rule-maximum = 最大值
rule-minimum = 最小值
rule-ratio = 合计之比
rule-growth = 合计的年均增速
rule-weighted-mean = 加权平均
rule-by-weight = 按 { $weight }
rule-with-codes = { $rule }：{ $codes }
rule-unweighted-mean = 未加权平均
rule-none = 不可汇总
check-region-values = 区域汇总值
check-region-values-partial = { $count } 个值中 { $partial } 个为部分数据：有成员无值、只有部分面积有值，或未找到；成员数与有值成员数见 region_values

## 导出文件的列

column-in-english = { $title }英文名
column-level = 层级
column-unit-type = 类型
column-id = 代码
column-id-of = { $title }代码
column-area = 面积
column-rank-of = { $title }：名次
column-tier-of = { $title }：梯队
column-score-of = { $title }：得分
column-all-of = { $title }（全部）
unit-km2 = 平方千米
method-equal-area = 等积投影下计算
method-key = 边界数据的 { $key }，文本
method-exclusive = 每个单元只归入优先级最高的一个
method-joined = 以分号连接，按优先级排列
missing-in-none = 不属于任何一个
missing-not-ranked = 不在榜单中
style-tier = 第 { $tier } 梯队（第 { $first }–{ $last } 名）

## 图幅说明

within-sentence = { $text }
named-value = { $name } { $value }
unit-in-parent = { $gap ->
    [none] { $parent }{ $unit }
   *[space] { $parent } { $unit }
}
tier-name = 第{ $tier ->
    [1] 一
    [2] 二
    [3] 三
    [4] 四
    [5] 五
    [6] 六
    [7] 七
    [8] 八
    [9] 九
   *[other] { $tier }
}梯队
tier-label = { tier-name } · { rank-label }
rank-label = { $ranks ->
    [1] 第 { $first } 名
   *[other] 第 { $first }–{ $last } 名
}
class-rank = 名次
class-tiers = 梯队
class-categories = 类别
scheme-quantile = 分位数
scheme-quantile-formula = n 个值升序排列，第 i 个断点位于第 1 + i(n − 1)/k 个值，其间线性内插
scheme-fisher_jenks = 自然间断点（Fisher–Jenks）
scheme-fisher_jenks-formula = 使各级内部离差平方和之和最小的 k 级；相等时取最高断点最低者
scheme-equal_interval = 等间距
scheme-equal_interval-formula = 断点 i 为 最小值 + (最大值 − 最小值)·i/k
scheme-log = 对数
scheme-log-formula = 最大值以下的 k − 1 个 1–2–5、1–3 或 1 × 10 的幂：取最低断点不高于 40% 分位数的最密一组；零与负值归最低一级
scheme-head_tail = 头尾分割
scheme-head_tail-formula = 在均值处分割，再在其上各值的均值处分割，至多 k 级
scheme-manual = 自定义
scheme-manual-formula = 各级上限由项目给出；有值超出时加一级
scheme-spots = { $name }，{ $times } 次置换，错误发现率 { $share }
spot-not-significant = 不显著
spot-isolate = 无相邻单元
spot-cold = 冷点（低值聚集）
spot-hot = 热点（高值聚集）
spot-high-high = 高–高
spot-low-high = 低–高
spot-low-low = 低–低
spot-high-low = 高–低
spot-high-high-hot = 高–高（热点）
spot-low-low-cold = 低–低（冷点）
spot-short-hot = 热点
spot-short-cold = 冷点
spot-short-high-high = 高–高
spot-short-low-low = 低–低
years-classes = 分级由 { $first }–{ $last } 年合并计算，各年相同
years-classes-manual = 各年分级相同

## 图幅结论

finding-highest = { $title }最高的是{ $names }（{ $span }）
finding-lowest = 最低的是{ $names }（{ $span }）
finding-partial-areas = 有数据的 { $all } 个区域中，{ $count } 个仅部分成员有数据，不作比较
finding-shared = { $count } 个{ $unit }的{ $title }并列最高（{ $top }）
finding-top = { $name }的{ $title }最高（{ $value }）
finding-in-year = { $year } 年，{ $clause }
finding-middle = 中位数为 { $half }，最高的十分之一在 { SPACED($high) }以上
finding-below = { $count } 个{ $unit }（{ $share }）低于 { $bound }
finding-total = { $since }–{ $until } 年，全部{ $unit }的{ $title }合计{ $change ->
    [up] 增长
   *[down] 下降
} { $share }
finding-median = { $since }–{ $until } 年，{ $unit }的{ $title }中位数{ $change ->
    [up] 由 { SPACED($first) }升至 { $last }
    [down] 由 { SPACED($first) }降至 { $last }
   *[same] 保持 { $last }
}
places-first = 前 { $count } 名中
places-all = { $count } 席中
finding-leads = { $name }居首
finding-places-one = { $places }，全部在{ $first }
finding-places-two = { $places }，{ $first } { $one } 席、{ $second } { $two } 席，合计 { $sum } 席
finding-places-most = { $places }，{ $first }最多，占 { $one } 席
finding-places-tied = { $places }，按{ $level }计最多各 { $one } 席，共 { $tied } 个并列
finding-categories = { $total } 个{ $unit }中，{ $counts }
finding-category = { $label } { $count } 个
finding-tier = { $tier }共 { $size } 个：{ $names }
finding-tier-led = { $tier }共 { $size } 个，前{ $named ->
    [3] 三
   *[other] {" "}{ $named }{" "}
}名是{ $names }
finding-tiers = { $each }
finding-tiers-one = { $tier } { $size } 个
finding-both-high = { $total } 个{ $unit }中有 { $count } 个的{ $first }与{ $second }都在最高一级
finding-correlation = 二者的秩相关系数为 { $rho }
finding-change = { $since }–{ $until } 年，{ $total } 个{ $unit }中有 { $count } 个（{ $share }）的{ $title }{ $change }
change-rose = 上升
change-more = 变化超过 { $bound }
finding-gained = { $name }增幅最大（{ $by }）
finding-clusters = { $total } 个集群分布在 { $units } 个{ $unit }
finding-clusters-most = { $names }最多，{ $holders ->
    [1] 有 { $count } 个
   *[other] 各有 { $count } 个
}
finding-groups-oldest = 最早的是{ $names }（{ $year } 年）
finding-groups-most = { $total } 个集群中{ $group }最多，有 { $count } 个
finding-cluster-largest = 规模最大的是{ $where }的{ $cluster }（{ $size }）
finding-cluster-largest-nowhere = 规模最大的是{ $cluster }（{ $size }）
finding-clusters-parent = { $total } 个集群中{ $name }有 { $count } 个，居各{ $level }之首
finding-share-highest = { $name }{ $tied ->
    [1] {""}
   *[other] 并列
}最高：{ $of } 个中有 { $count } 个上榜（{ $share }）
finding-share-second = 其次是{ $name }，{ $of } 个中有 { $count } 个（{ $share }）
finding-share-none = 按{ $level }计，有 { $count } 个无一上榜
finding-figure-highest = { $titled ->
    [yes] { $title }以
   *[no] {""}
}{ $names }最高（{ $top }）
finding-figure-lowest = { $highest }，{ $name }最低（{ $least }）
finding-holds = { $year } 年{ $name }占 { $held }（{ $share }）
finding-since = 与 { $year } 年相比，{ $gains }
finding-moran = { $title }的全局莫兰指数为 { $index }（{ $chance }），{ $tendency ->
    [alike] 相邻单元相似
    [differ] 相邻单元相异
   *[chance] 与随机分布无显著差别
}
p-value = p = { $p }
p-below = p < { $p }
finding-spots = { $hot } 个{ $unit }为{ $one }，{ $cold } 个为{ $other }
finding-spots-most = { $one }以{ $names }最多（{ $holders ->
    [1] {""}
   *[other] 各{" "}
}{ $count } 个）
finding-maps-highest = 各图最高者：{ $maps }
finding-map-highest = { $titles }为{ $name }
pair-of = { $one }与{ $other }
finding-maps-pair = { $pair }的秩相关系数为 { $rho }
finding-maps-alike = 最相近的是{ $first }（秩相关系数 { $near }），最不相近的是{ $last }（{ $far }）
finding-level-most = { $level }中{ $names }{ $holders ->
    [1] 最多，占 { $count } 席
   *[other] 并列最多，各占 { $count } 席
}
finding-ranked-parents = { $total } 个{ $level }中 { $count } 个有单元上榜
finding-front = 前 { $first } 名中{ $names }{ $holders ->
    [1] 占 { $count } 席
   *[other] 各占 { $count } 席
}
finding-widest = { $name }上榜最多（{ $count } 个），名次由第 { $from } 至第 { $to }
finding-regions = { $regions } 个{ $kind }覆盖 { $members } 个{ $unit }，占总数的 { $share }
finding-places-inside = { $total } 席中有 { $inside } 席在{ $kind }内
finding-regions-most = { $holders ->
    [1] { $names }占 { $count } 席，居各{ $kind }之首
   *[other] { $names }各占 { $count } 席，并列最多
}
finding-regions-tied = { $holders } 个{ $kind }各占 { $count } 席，并列最多
finding-sum-share = { $year } 年{ $name }占{ $complete ->
    [yes] {""}
   *[no] 数据完整的
}{ $level }{ $title }的 { $share }
finding-fastest = { $since }–{ $until } 年{ $first }增长最快（{ $fast }），{ $last }最慢（{ $slow }）
finding-left-out = { $count } 个{ $level }因部分成员无数据未计入

## 页面的来源与构建报告

source-boundaries = 边界
source-nightlights = 夜间灯光
source-nightlights_rasters = 夜间灯光栅格
index-missing = 可用指标的权重不足
index-method = 标准化：{ $normalise }；合成：{ $aggregate }；权重：{ $weights }；可用权重低于 { $least } 的不计
index-weight = { $title }{ $direction ->
    [less] （−）
   *[more] {""}
} { $share }
index-percentile_rank = 百分位秩
index-min_max = 极差标准化
index-z_score = Z 分数
index-goalposts = 固定端点
index-rank = 名次
index-arithmetic = 加权算术平均
index-geometric = 加权几何平均
index-harmonic = 加权调和平均
index-median = 中位数
flag-in-year = { $year }：{ $flag }
check-english-names = 英文名称
check-english-names-read = { $count } 个单元无英文名，以汉语拼音转写（pypinyin）

## 多部地图集的目录页

gallery-title = 地图集
gallery-units = { $count } 个{ $unit }
gallery-plates = { $count } 幅图
gallery-years = { $years } 年

## 页面用语

page-nounHead = .*
page-nounPlural = {""}
page-plates = 图幅
page-story = 图说
page-storyStep = 第 { $step } 步，共 { $count } 步
page-storyPrevious = 上一步
page-storyNext = 下一步
page-storyLeave = 自由浏览
page-storyBack = 返回图说
page-sources = 来源与构建报告
page-about = 说明
page-search = 搜索地名、区域、代码
page-searchTable = 在表中搜索
page-noMatch = 没有匹配的地名
page-noMatchHint = 可输入名称、代码，或所属区域
page-noRows = 没有符合条件的单元
page-clearFilters = 清除筛选
page-filter = 筛选
page-removeFilter = 移除筛选
page-tier = 梯队
page-unitType = 类型
page-back = 返回
page-close = 关闭
page-unit = 名称
page-notInRegion = 上榜但不属于任何区域
page-noneEligible = 无可参评单元
page-rank = 名次
page-score = 得分
page-ranks = 名次
page-place = 所属
page-notRanked = 未上榜
page-notEligible = 不在评选范围
page-noData = 无数据
page-unranked = 未上榜
page-otherMembers = 区域内其他单元
page-outline = 区域范围（含重叠）
page-clusterNote = 圆点连至所在单元
page-ofEligible = 上榜率
page-more = 个，见表格
page-listSeparator = 、
page-counted = 上榜
page-all = 含重叠
page-countedAll = 含重叠
page-units = 单元数
page-ofUnits = 可参评
page-share = 占比
page-best = 最佳名次
page-cluster = 集群
page-group = 类别
page-size = 规模
page-area = 面积
page-type = 类型
page-code = 代码
page-belongs = 所属区域
page-exclusive = 计入
page-overlapping = 重叠，计入他区
page-clusters = 产业集群
page-figures = 数据
page-method = 方法
page-source = 来源
page-licence = 许可
page-vintage = 版本
page-members = 成员
page-show = 显示
page-onlyThis = 只看此区域
page-zoomTo = 缩放至
page-zoomIn = 放大
page-zoomOut = 缩小
page-wholeMap = 全图
page-equalArea = 等积投影
page-webMercator = 网络墨卡托投影
page-mercatorHint = 面积随纬度放大
page-loadTiles = 加载底图，来自
page-ownTiles = 页面作者添加的来源
page-tileKey = 底图密钥
page-tilesShifted = 底图的坐标系与数据不同，两者相差数百米
page-reviewNumber = 审图号
page-notReviewed = 未经审图
page-year = 年份
page-play = 播放
page-pause = 暂停
page-raster = 灯光影像
page-levelShift = 口径变动
page-theme = 深色模式
page-print = 打印
page-help = 快捷键
page-of = 共
page-classes = 分级
page-class = 类别
page-allUnits = 全部单元
page-countsHint = 括号内为权重、方法或成员归属变动时席数的区间
page-rankInterval = 名次的区间（权重与方法变动时）
page-alike = ≈ 名次区间重叠，无法分先后
page-alikeCount = 个单元的名次区间与之重叠
page-dimensions = 分维度得分
page-tierChance = 落入该梯队的概率
page-ownClasses = 各图分级不同，见图下色标
page-allMaps = 各图并列
page-allYears = 各年并列
page-joins = 数据连接
page-table = 表
page-excerpt = 表中为前 { $n } 行，共 { $all } 行；全部可由页面存为 CSV。
page-rows = 行
page-matched = 匹配
page-renamed = 更名
page-ambiguous = 有歧义
page-unmatched = 未匹配
page-unitsWithout = 无值单元
page-checks = 检查
page-passed = 通过
page-attention = 注意
page-omissions = 未包含的内容
page-nothingOmitted = 没有省略的内容
page-citations = 数据来源
page-projection = 投影
page-datum = 基准
page-builtBy = 由 regional_atlas 构建，版本
page-mapLabel = 地图
page-legend = 图例
page-expand = 展开
page-collapse = 收起
page-loading = 正在读取地图集…
page-failed = 地图集无法打开
page-failedHint = 文件可能没有完整保存，或浏览器过旧（需要 2023 年以后的 Chrome、Edge、Firefox 或 Safari）。请重新获取该文件。
page-keySearch = 搜索
page-keyPlates = 上一幅 / 下一幅
page-keyYears = 上一年 / 下一年，或上一张 / 下一张小图
page-keyStory = 图说的上一步 / 下一步
page-keyArrows = 在列表和表格中移动
page-keyEnter = 打开所选单元
page-keyBack = 返回
page-keyHelp = 本说明
page-selected = 已选择
page-weights = 权重
page-ownWeights = 您的设定
page-gained = 名次变动
page-gainMost = 上升最多的是{ $names }
page-loseMost = 下降最多的是{ $names }
page-clauseSeparator = { "；" }
page-equalWeights = 等权
page-onlyOf = 只看{ $title }
page-publishedWeights = 恢复原权重
page-normalisation = 标准化
page-aggregation = 合成
page-charts = 图表
page-bar = 条形
page-histogram = 直方
page-scatter = 散点
page-treemap = 树图
page-strip = 分布带
page-line = 历年
page-lorenz = 洛伦兹
page-profile = 画像
page-stacked = 堆积
page-timeline = 时间线
page-bubble = 气泡
page-noYear = 年份未载
page-against = 纵轴
page-median = 中位数
page-gini = 基尼系数
page-shareOfUnits = 单元占比
page-noLorenz = 有负值或合计为零，无洛伦兹曲线
page-surpasses = 超过的单元占比
page-changeClasses = 调整分级与配色
page-scheme = 方法
page-breaks = 断点
page-palette = 配色
page-publishedClasses = 恢复原分级
page-range = 数值
page-least = 不低于
page-most = 不高于
page-top = 前 N 名
page-radius = 半径（公里）
page-pointOnMap = 地图上的一点
page-center = 中心
page-shownFirst = 显示 { $total } 个中的 { $count } 个，依次为{ $names }等
page-shownAll = 显示 { $total } 个中的 { $count } 个：{ $names }
page-drawBox = 在地图上框选
page-neighbours = 相邻单元
page-add = 添加
page-compare = 对比
page-compared = 并列对比
page-standing = 长处与短处
page-standingHint = 超过的单元占比：
page-lessIsBetter = 越低越好
page-peers = 相似单元
page-export = 导出与分享
page-asPng = 地图图片（PNG）
page-asSvg = 地图矢量图（SVG）
page-chartAsPng = 统计图图片（PNG）
page-chartAsSvg = 统计图矢量图（SVG）
page-withoutTiles = 图片不含底图：底图的来源不允许转存
page-filtered = 已筛选：
page-asCsv = 表格（CSV）
page-asGeoJson = 地理数据（GeoJSON）
page-copyLink = 复制链接
page-copyEmbed = 复制嵌入代码
page-copied = 已复制
page-frameworks = 指标体系
page-frameworkHint = 权重为占总指数的份额；缺数据的指标把权重让给同级（括号内为按判断的份额）
page-used = 采用
page-proxy = 代理
page-absent = 缺数据
page-dataCoverage = 数据覆盖（按权重）
page-lessIsBetter = 越低越好
page-keyCompare = 加入对比
page-areaValues = 合计与平均
page-shareOfAll = 占全部的 { $share }
page-shareOfData = 占全部有数据单元的 { $share }
page-allWithData = 全部有数据单元
page-someWithout = {"*"} 部分成员无数据
page-otherFormat = 页内数据的格式版本与页面程序不符。请用同一版本的 regional-atlas 重新生成该页。
page-labelled = { $label }：{ $text }
page-within = { $outer } { $inner }
page-parenthesis = { $text }（{ $more }）
page-unitsCounted = { $count } 个{ $unit }
page-countOf = { $total } 中的 { $count }
page-withData = { $members } 个成员中 { $data } 个有数据
page-withDataOf = 有数据的成员
page-withPart = 部分成员只有部分面积有数据
page-rankOf = 第 { $rank } 名
page-tierNumber = 第{ $tier ->
    [1] 一
    [2] 二
    [3] 三
    [4] 四
    [5] 五
    [6] 六
    [7] 七
    [8] 八
    [9] 九
   *[other] { $tier }
}梯队
page-tierRanks = { page-tierNumber }（第 { $first }–{ $last } 名）
page-leadWithWeights = 按您设定的权重：前三名为{ $names }
page-firstOf = { $title } 前 { $count } 名
page-nearTo = { $unit } { $km } 公里内
page-nextTo = { $unit }及相邻单元
page-inBox = 框选范围
page-distribution = { $count } 个单元，{ $least } 至 { $most }，中位数 { $median }
page-tenthHolds = 最高的十分之一占 { $share }
page-mapOf = 地图：{ $title }，共 { $units }
page-mapFiltered = 筛选后余 { $count } 个
page-mapRange = { $least } 至 { $most }
page-mapHighest = 最高：{ $names }
page-mapLowest = 最低：{ $names }
page-mapWithout = { $count } 个无数据
page-mapClass = { $label } { $count } 个
page-mapNotRanked = { $count } 个未上榜
page-mapFirst = 最前：{ $names }
page-mapLast = 最后：{ $name }
page-mapAxes = 横轴{ $across }，纵轴{ $up }
page-mapBoth = 两者皆最高 { $high } 个、皆最低 { $low } 个
page-mapEither = 只有前者最高而后者最低 { $first } 个、相反 { $second } 个
page-mapMost = { $what }最多的是 { $names }
page-mapNotEligible = { $count } 个无可参评单元
page-mapLowestHeld = 有者中最低：{ $names }
page-mapNone = { $count } 个没有
page-mapClusters = { $count } 个集群，位于 { $where }
page-mapLargest = 规模最大：{ $names }
page-mapMarked = 标出{ $ranking }的 { $count } 个
page-clauseSeparator = ；
page-sentence = { $clauses }。
page-language = 语言
page-schemeRepeated = { $title }（数值重复，仅 { $count } 级）
page-schemeNarrow = { $title }（数值跨度小，仅 { $count } 级）
page-schemeMerged = { $title }（{ $count } 个不同值，相邻者归并）
page-schemeMiddle = { $title }（以 { $middle } 为中点）

## 项目文件未写明的内容

level-unit = 单元
plates-group = 地图
figure-title = 图 { $number }
projection-conic = 阿尔伯斯等积圆锥投影（{ $first }、{ $second }，中央经线 { $meridian }）
projection-azimuthal = 兰勃特等积方位投影（中心 { $parallel }、{ $meridian }）
projection-cylindrical = 等积圆柱投影（标准纬线 { $parallel }，中央经线 { $meridian }）
