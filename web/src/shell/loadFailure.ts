// Browsers have no name for it, only words: Chromium, Firefox, Safari; and the build's own for style sheets.
const words = /dynamically imported module|importing a module script failed|unable to preload css/i

/** Whether a part of the page could not be fetched. */
export const isLoadFailure = (problem: Error): boolean => words.test(problem.message)
