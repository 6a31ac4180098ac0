export default function LoginAgain() {
  return null
}
