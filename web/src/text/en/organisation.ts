export const organisation = {
  intro: 'You write into the records of patients who let you, and read what they share with you.',
  sent: 'Sent since you unlocked',
  sentHint: 'This list is kept in memory only: what you have sent belongs to the patients, and without their leave to read you cannot list it later.',
  noneSent: 'Nothing sent since you unlocked.',
  to: 'for {patient}',
  sentAt: (time: string) => `sent ${time}`,
  missing: (names: string) => `on its way to ${names}`,
}
