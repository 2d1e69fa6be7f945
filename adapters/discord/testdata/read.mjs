// Reads texts as Discord’s clients do, from a JSON list on standard input.
import parser from 'discord-markdown-parser'

let input = ''
for await (const piece of process.stdin) input += piece
const seen = text => {
  const kinds = new Set()
  let shown = ''
  const walk = node => {
    if (Array.isArray(node)) return node.forEach(walk)
    kinds.add(node.type)
    if (node.type === 'br') shown += '\n'
    else if (node.type === 'twemoji') shown += node.name
    else if (typeof node.content === 'string') shown += node.content
    else if (node.content) walk(node.content)
  }
  walk(parser.parse(text, 'extended'))
  return { kinds: [...kinds], shown }
}
console.log(JSON.stringify(JSON.parse(input).map(seen)))
