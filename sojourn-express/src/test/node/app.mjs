// An Express application on the stores that its environment names. Each site is one session({...}), below a path.
// The parameters of a request select an operation on its session; the response contains the resulting attributes.
import express from 'express'
import session from 'express-session'
import { RedisStore } from 'connect-redis'
import connectPgSimple from 'connect-pg-simple'
import { createClient } from 'redis'
import pg from 'pg'

const client = createClient({ url: process.env.REDIS_URL })
client.on('error', () => {})
await client.connect()
const pool = new pg.Pool({
  host: process.env.PG_HOST,
  port: Number(process.env.PG_PORT),
  user: process.env.PG_USER,
  password: process.env.PG_PASSWORD,
  database: process.env.PG_DATABASE,
  options: '-c timezone=UTC',
  max: 8
})
pool.on('error', () => {})
const PgStore = connectPgSimple(session)

// One store per site: sites with a common store would also share the options of the last one.
const stores = {
  redis: world => new RedisStore({ client, prefix: world === 'ref' ? 'ref:' : 'sess:' }),
  pg: world => new PgStore({ pool, schemaName: world === 'ref' ? 'ref' : 'public', pruneSessionInterval: false })
}
const variants = {
  plain: { secret: 'old secret' },
  rolling: { secret: 'old secret', rolling: true, cookie: { maxAge: 60000 } },
  rotated: { secret: ['new secret', 'old secret'] },
  short: { secret: 'old secret', cookie: { maxAge: 1000 } }
}

const isObject = value => typeof value === 'object' && value !== null && !Array.isArray(value)

function change (req, respond, fail) {
  const { op, k, v } = req.query
  const done = err => (err ? fail(err) : respond())
  switch (op) {
    case 'get': break
    case 'set': req.session[k] = JSON.parse(v); break
    case 'date': req.session[k] = new Date(v); break
    case 'remove': delete req.session[k]; break
    case 'nested':
      req.session[k] ??= {}
      if (isObject(req.session[k])) req.session[k].n = (req.session[k].n || 0) + 1
      break
    case 'regenerate': return req.session.regenerate(done)
    case 'login':
      return req.session.regenerate(err => {
        if (err) return fail(err)
        req.session.user = v
        respond()
      })
    case 'destroy': return req.session.destroy(done)
    default: return fail(new Error('unknown operation ' + op))
  }
  respond()
}

const app = express()
for (const [name, store] of Object.entries(stores)) {
  for (const world of ['shared', 'ref']) {
    for (const [variant, options] of Object.entries(variants)) {
      const path = `/${name}/${world}/${variant}`
      app.use(path, session({ resave: false, saveUninitialized: false, store: store(world), ...options }))
      app.get(path, (req, res, next) => change(req, () => {
        const { cookie, sojourn, ...attributes } = req.session ?? {}
        res.json(attributes)
      }, next))
    }
  }
}
const server = app.listen(0, '127.0.0.1', () => console.log('port ' + server.address().port))
process.stdin.on('end', () => process.exit(0)).resume()
