export const contacts = {
}
