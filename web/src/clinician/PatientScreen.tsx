export default function PatientScreen() {
  return null
}
