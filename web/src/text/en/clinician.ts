export const clinician = {
}
