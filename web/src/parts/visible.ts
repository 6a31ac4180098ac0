/** Text without characters that are not seen: control, format (direction marks, zero width), private, unpaired; each is a space. For labels and titles; elsewhere `<Foreign>`. */
export const visible = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ')
