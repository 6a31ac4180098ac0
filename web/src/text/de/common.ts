import type { Catalogue } from '../en'

export const common: Catalogue['common'] = {
  salus: 'Salus',
  ok: 'OK',
  cancel: 'Abbrechen',
  close: 'Schließen',
  back: 'Zurück',
  next: 'Weiter',
  save: 'Speichern',
  remove: 'Entfernen',
  retry: 'Noch einmal versuchen',
  loading: 'Wird geladen',
  nothing: 'Noch nichts da',
  you: 'Sie',
  yes: 'Ja',
  no: 'Nein',
  details: 'Einzelheiten',
  mail: 'E-Mail-Adresse',
  partitions: { personal: 'Persönliches', medical: 'Medizinisches', insurance: 'Versicherung', prescription: 'Rezepte' },
  roles: { family: 'Familie', friend: 'Freundeskreis', doctor: 'ärztlich', pharmacist: 'Apotheke', insurer: 'Versicherung', researcher: 'Forschung' },
  purposes: {
    treatment: 'Behandlung', payment: 'Abrechnung', family: 'Familie', research: 'Forschung', emergency: 'Notfall', coordination: 'Abstimmung der Versorgung',
  },
  states: { live: 'aktiv', future: 'noch nicht aktiv', expired: 'abgelaufen', revoked: 'beendet', locked: 'wartet auf den Code' },
}
