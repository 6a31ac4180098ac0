declare module 'pdfjs-dist/build/pdf.worker.mjs'
declare module '@cornerstonejs/codec-charls/decodewasmjs'
declare module '@cornerstonejs/codec-openjpeg/decodewasmjs'
