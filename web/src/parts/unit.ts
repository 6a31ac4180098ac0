/** As people write a unit of UCUM. */
export const unitOf = (unit: string): string => ({ 'mm[Hg]': 'mmHg', 'Cel': '°C', '{beats}/min': '/min', 'kg/m2': 'kg/m²' })[unit] ?? unit
