// Print each denial as payers' answers come in: node denials.mjs [N], where N ends it after N.
import { Consumer, MessagesStreamModes, stringDeserializers } from '@platformatic/kafka'

const TOPIC = 'cleanclaim.postings'
const TYPE = 'cleanclaim.remittance.ClaimDenied.v1'
const stopAfter = Number(process.argv[2] ?? Infinity)

const consumer = new Consumer({
  groupId: 'example-denials-node', // progress is kept under this name
  clientId: 'example-denials-node',
  bootstrapBrokers: process.env.KAFKA_BOOTSTRAP_SERVERS.split(','),
  deserializers: stringDeserializers
})
const stream = await consumer.consume({ topics: [TOPIC], mode: MessagesStreamModes.EARLIEST, autocommit: true })
const seen = new Set() // delivered at least once: a real reader keeps this beside its results

for await (const message of stream) {
  // other facts, unknown ones and tombstones are normal
  if (message.headers.get('ce_type') !== TYPE || message.value == null) continue
  let fact
  try {
    fact = JSON.parse(message.value)
  } catch {
    console.error(`set aside, no JSON: ${message.partition} ${message.offset}`) // a real reader keeps it
    continue
  }
  if (!seen.has(fact.event_id)) {
    seen.add(fact.event_id)
    const cents = BigInt(fact.denied_cents)
    const dollars = `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`
    console.log(`${fact.adjudicated_on} ${fact.scope} denied: ${dollars}`)
  }
  if (seen.size >= stopAfter) break
}
await consumer.close(true)
