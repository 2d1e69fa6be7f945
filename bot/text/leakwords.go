package text

import "regexp"

// Patterns of [Leaks]. They are matched against [legibleText] text, and a match
// counts only as a word of its own.
const (
	// Names that mean nothing else.
	sureNames = `(?:` +
		`chat[ -]?gpt(?:[ -]?\d[\w.]*)?|gpt[ -]?\d[\w.]*(?:[ -](?:turbo|mini|nano|pro|preview|chat))*|gpt-oss[\w-]*|` +
		`o[134]-(?:mini|preview|pro)(?:-high)?|openai|anthropic|deep ?mind|deepseek(?:[ -](?:[vr]\d[\w.]*|chat|coder|reasoner))*|` +
		`qwen[\d.]*(?:[ -](?:max|plus|turbo|\d[\w.]*))*|qwq(?:-\d+b)?|x\.ai|mixtral|chatglm[\w-]*|doubao|ernie bot|` +
		`(?:claude|gemini|grok|llama|mistral|gemma|kimi)(?:[ -]?v?\d[\w.]*(?:[ -](?:sonnet|opus|haiku|pro|flash|ultra|nano|mini|instruct))*|` +
		`[ -](?:sonnet|opus|haiku|instant|pro|ultra|flash|nano|advanced|large|small|medium|instruct|ai))|` +
		`(?:claude|gemini|grok)[ -](?:sonnet|opus|haiku|code)[ -]\d[\w.]*|` +
		`(?:google|meta|microsoft|github|bing) (?:bard|gemini|ai|llama|copilot|chat)|(?:mistral|moonshot|cohere|zhipu) ai|` +
		`通义千问|文心一言|讯飞星火|智谱清言|深度求索|月之暗面|腾讯混元|腾讯元宝|百川大模型|盘古大模型)`

	// Names that are also words or people's names.
	wordNames = `(?:claude|gemini|grok|llama|bard|mistral|copilot|kimi|bing|palm|gemma|o[13]|qianwen|豆包|千问|通义|文心|星火|混元|元宝|智谱)`

	// People in stories, and at help desks, are called so too.
	givenNames = `(?:gemma|kimi)`

	anyName = `(?P<name>` + sureNames + `|xai|` + wordNames + `)`

	vendorNames = `(?:open ?ai|anthropic|google(?: deepmind)?|deepmind|meta(?: ai)?|deepseek|alibaba(?: cloud)?|mistral(?: ai)?|xai|x\.ai|` +
		`moonshot(?: ai)?|baidu|bytedance|tencent|zhipu(?: ai)?|microsoft|amazon|cohere|minimax|nvidia|` +
		`阿里巴巴|阿里云|阿里|百度|字节跳动|字节|腾讯|深度求索|月之暗面|智谱|科大讯飞|华为|谷歌|微软)`

	madeBy        = `(?:made|created|trained|developed|built|designed)`
	madeByChinese = `(?:开发|研发|训练|创造|创建|推出|打造|制造|设计)`

	// "an AI model called", "OpenAI's"
	introducedAs = `(?:(?:actually|really|just|indeed|still) )?(?:(?:an?|the|your) (?:[\w-]+,? ){0,6}(?:called|named|known as) |` + vendorNames + `'s )?`

	introducedAsChinese = `(?:由[^。！？\n]{1,16}?` + madeByChinese + `的?|一个|一名|一款|您的|你的|AI|人工智能|大型|大|语言|模型|智能|助手|聊天|机器人|叫做?|名为|名叫|` + vendorNames + `|的|[，,：: ])*?`

	callsItself        = `I am|I'm|my name is|my name's|call me`
	callsItselfChinese = `我是|我叫|我的名字是|我的名字叫|我就是|叫我|本人是`
)

var (
	givenName  = regexp.MustCompile(`^(?i:` + givenNames + `)$`)
	strongName = regexp.MustCompile(`(?i:` + sureNames + `)|\bxAI\b`)

	// In lower case most of these are animals, winds and hands.
	wordName = regexp.MustCompile(`(?i:claude|gemini|kimi)|Grok|Llama|Bard|Mistral|Copilot|Bing|PaLM|Palm|Gemma|\bo[13]\b|豆包|文心大模型|星火大模型`)

	asAnAI = regexp.MustCompile(`(?i:\bas an? (?:ai|artificial intelligence|(?:large )?language model)\b(?: (?:language model|assistant|model))?)|` +
		`作为(?:一个|一名|一款)?(?:人工智能|AI|大型?语言模型|语言模型)(?:语言模型|助手|模型)?`)

	selfName = regexp.MustCompile(`(?i)\b(?:` + callsItself + `) ` + introducedAs + anyName)
	// "as Claude, I …", not "as ChatGPT would say"
	selfAs      = regexp.MustCompile(`(?im)\b(?:as|this is) ` + introducedAs + anyName + `(?:,| I\b| speaking|[.!]?$)`)
	selfSigned  = regexp.MustCompile(`(?im)^ *(?:—|–|--|~) *` + anyName + ` *[.!]?$`)
	selfChinese = regexp.MustCompile(`(?im)(?:` + callsItselfChinese + `)` + introducedAsChinese + anyName)
	selfRole    = regexp.MustCompile(`(?im)作为` + introducedAsChinese + anyName + `(?:[，,。：:我 ]|$)`)

	selfMade = regexp.MustCompile(`(?i)\b(?P<name>(?:I|I'm|I've) (?:am |was |have been |been )?(?:\w+ )?` + madeBy + ` by ` + vendorNames + `|` +
		`(?:I am|I'm) \pL[\w.-]*, [^.!?\n]{0,40}\b` + madeBy + ` by ` + vendorNames + `|` +
		`(?:I|I'm|me|my|as)\b[^.!?\n]{0,80}\b(?:AI|language model|assistant|chatbot|LLM|model)\b[^.!?\n]{0,40}\b` + madeBy + ` by ` + vendorNames + `)`)
	selfMadeChinese = regexp.MustCompile(`(?i)(?P<name>(?:我是|我由|我来自|作为)[^。！？\n]{0,20}?` + vendorNames + `[^。！？\n]{0,8}?` + madeByChinese + `)`)

	aiContext = regexp.MustCompile(`\b(?:AI|A\.I\.|LLM)\b|(?i:\b(?:artificial intelligence|language model|chatbot|(?:virtual|digital) assistant)\b)|人工智能|语言模型|大模型|助手`)

	wholeQuote = regexp.MustCompile(`^["“「][^"“”「」]*["”」]$`)

	// What follows a name that is not meant as a model's.
	ownsSomething  = regexp.MustCompile(`^(?:'s|-\pL|的(?:粉丝|用户|员工))`)
	surnameFollows = regexp.MustCompile(`^ \p{Lu}\p{Ll}+`)
	modelWord      = regexp.MustCompile(`(?i)^ (?:sonnet|opus|haiku|pro|flash|ultra|nano|code|chat|ai)\b`)
	knownPhrase    = regexp.MustCompile(`(?i)^(?:palms? (?:of the|oil|tree|leaf)|mistral winds?)`)
)
