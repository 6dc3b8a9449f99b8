// The Express application of docs/guide/express.md, "Migrate route by route".
import express from 'express'
import session from 'express-session'
import { RedisStore } from 'connect-redis'
import { createClient } from 'redis'

const client = createClient({ url: process.env.REDIS_URL })
await client.connect()

const app = express()
app.use(express.urlencoded({ extended: false }))
app.use(session({ store: new RedisStore({ client }), secret: 'keyboard cat', resave: false, saveUninitialized: false }))

app.post('/login', (req, res, next) => {
  req.session.regenerate(err => {
    if (err) return next(err)
    req.session.user = req.body.user
    req.session.save(err => err ? next(err) : res.redirect('/'))
  })
})
app.get('/login', (req, res) => res.send('please sign in'))
app.get('/logout', (req, res, next) => req.session.destroy(err => err ? next(err) : res.redirect('/login')))
app.use((req, res, next) => req.session.user ? next() : res.redirect('/login'))

app.get('/', (req, res) => {
  req.session.views = (req.session.views || 0) + 1
  res.send(`Node: hello ${req.session.user}, views: ${req.session.views}\n`)
})
app.get('/cart', (req, res) => res.json(req.session.cart || {}))
app.post('/cart', (req, res) => {
  const cart = req.session.cart = req.session.cart || {}
  cart[req.body.item] = (cart[req.body.item] || 0) + 1
  res.redirect('/cart')
})
// A session as Passport leaves it: a new id, and the user in an object.
app.post('/passport', (req, res, next) => req.session.regenerate(err => {
  if (err) return next(err)
  req.session.passport = { user: req.body.user }
  res.send('signed in')
}))
const server = app.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => console.log('port ' + server.address().port))
if (!process.env.PORT) process.stdin.on('end', () => process.exit(0)).resume()
