/** The key that signs the page, 64 hexadecimal digits, set by the build; empty in one that nobody signs. */
declare const SALUS_PAGE_KEY: string

/** The folder of the .NET runtime and the assemblies, from the page's root, with a slash at its end. */
declare const SALUS_CORE: string
