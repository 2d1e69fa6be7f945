// Starts discord-digital-twin on this machine, with a port through which a
// test plays the people. Read from standard input by node, in the folder where
// the twin is installed.
import http from 'node:http'
import { DigitalDiscord } from 'discord-digital-twin'
import { ChannelType } from 'discord-api-types/v10'

// The twin listens on every address; here it is for this machine alone.
const listen = http.Server.prototype.listen
http.Server.prototype.listen = function (to, ...rest) {
  const where = typeof to === 'object' ? { ...to, host: '127.0.0.1' } : { port: to ?? 0, host: '127.0.0.1' }
  return listen.call(this, where, ...rest.filter(x => typeof x === 'function'))
}

const twin = new DigitalDiscord({
  channels: [{ name: 'taste', type: ChannelType.GuildText }],
  users: [{ username: 'alice' }, { username: 'bob' }, { username: 'cy' }],
  botToken: 'twin-token',
})
await twin.start()
const channel = (await twin.prisma.channel.findMany())[0].id
const users = (await twin.prisma.user.findMany({ where: { bot: false } })).map(u => u.id)

const deeds = {
  '/info': () => ({ rest: twin.restUrl, token: twin.botToken, channel, guild: twin.guildId, users }),
  '/interact': b => twin.simulateInteraction({ channelId: channel, userId: b.user, type: b.type, data: b.data, messageId: b.message }),
  '/submit': b => twin.channel(channel).user(b.user).submitModal({ customId: b.form, fields: b.fields }),
  '/answer': b => twin.channel(channel).getInteractionResponse(b.id),
  '/messages': () => twin.channel(channel).getMessages(),
  '/react': b => twin.server.gateway.broadcast('MESSAGE_REACTION_ADD', {
    user_id: b.user, channel_id: channel, message_id: b.message, guild_id: twin.guildId,
    emoji: { id: null, name: b.emoji }, burst: false, type: 0,
  }),
}
const control = http.createServer(async (request, response) => {
  let body = ''
  for await (const piece of request) body += piece
  try {
    const said = await deeds[request.url](body ? JSON.parse(body) : {})
    response.end(JSON.stringify(said ?? null, (_, v) => typeof v === 'bigint' ? String(v) : v))
  } catch (e) {
    response.statusCode = 500
    response.end(String(e.stack))
  }
})
control.listen(0, () => console.log('control ' + control.address().port))
