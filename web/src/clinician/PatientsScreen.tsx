export default function PatientsScreen() {
  return null
}
