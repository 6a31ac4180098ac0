using System.Globalization;
using System.Text;

namespace Salus.Browser.Tests.Hostile;

/// <summary>Files that would run, call home or take over the page if anything let them.</summary>
internal static class HostileContents
{
    /// <summary>Words that each of them shows all the same.</summary>
    public const string Harmless = "Harmless words";

    public static byte[] Html(Uri home) => Encoding.UTF8.GetBytes(
        $$"""
        <!doctype html><html><head><title>pwned</title><base href="{{home}}">
        <meta http-equiv="refresh" content="0;url={{home}}refresh"><link rel="stylesheet" href="{{home}}style.css">
        <link rel="prefetch" href="{{home}}prefetch"><link rel="dns-prefetch" href="{{home}}">
        <style>@import url("{{home}}import.css"); body { background: url({{home}}background) }</style>
        <script>{{Script(home)}}</script><script src="{{home}}script.js"></script><script type="module">{{Script(home)}}</script></head>
        <body onload="{{Inline(home)}}"><p>{{Harmless}}</p>
        <img src="{{home}}image"><img src="x" onerror="{{Inline(home)}}"><picture><source srcset="{{home}}srcset"></picture><video src="{{home}}video" poster="{{home}}poster" autoplay></video>
        <audio src="{{home}}audio" autoplay></audio><iframe src="{{home}}frame"></iframe><iframe srcdoc="<script>{{Inline(home)}}</script>"></iframe><object data="{{home}}object"></object>
        <embed src="{{home}}embed"><svg onload="{{Inline(home)}}"><use href="{{home}}use#x"/><image href="{{home}}svg"/></svg><table background="{{home}}table"><tr><td>cell</td></tr></table>
        <form action="{{home}}form" id="f"><input name="passphrase" autofocus onfocus="{{Inline(home)}}"></form><script>document.forms[0].submit()</script>
        <a href="javascript:{{Inline(home)}}" id="link">Click me</a><a href="{{home}}link" ping="{{home}}ping" target="_top">And me</a>
        <details open ontoggle="{{Inline(home)}}"><summary>more</summary></details><math><mtext></mtext><script>{{Script(home)}}</script></math>
        <template shadowrootmode="open"><script>{{Script(home)}}</script></template><xss style="animation: x 1s" onanimationstart="{{Inline(home)}}"></xss></body></html>
        """);

    public static byte[] Svg(Uri home) => Encoding.UTF8.GetBytes(
        $$"""
        <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="200" height="80" onload="{{Inline(home)}}">
        <style>@import url("{{home}}svg.css"); text { fill: url({{home}}fill) }</style><script>{{Script(home)}}</script><script xlink:href="{{home}}svg.js"/>
        <image href="{{home}}svg-image" width="10" height="10"/><use xlink:href="{{home}}svg-use#x"/><animate onbegin="{{Inline(home)}}" attributeName="x" dur="1s"/>
        <foreignObject width="100" height="40"><iframe xmlns="http://www.w3.org/1999/xhtml" src="{{home}}svg-frame"/>
        <img xmlns="http://www.w3.org/1999/xhtml" src="x" onerror="{{Inline(home)}}"/></foreignObject>
        <a xlink:href="javascript:{{Inline(home)}}"><text x="10" y="40">{{Harmless}}</text></a></svg>
        """);

    /// <summary>C-CDA with scripts, frames and pictures from elsewhere in its narrative, and a style sheet that would be XSLT.</summary>
    public static byte[] Cda(Uri home) => Encoding.UTF8.GetBytes(
        $$"""
        <?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="{{home}}cda.xsl"?>
        <!DOCTYPE ClinicalDocument [<!ENTITY remote SYSTEM "{{home}}entity">]>
        <ClinicalDocument xmlns="urn:hl7-org:v3"><title>Summary</title><effectiveTime value="20240101"/>
        <recordTarget><patientRole><patient><name><given>Ada</given><family>Lovelace</family></name></patient></patientRole></recordTarget>
        <component><structuredBody><component><section><title>Findings</title><text>
          <paragraph>{{Harmless}}</paragraph><script xmlns="http://www.w3.org/1999/xhtml">{{Script(home)}}</script><script>{{Script(home)}}</script>
          <iframe xmlns="http://www.w3.org/1999/xhtml" src="{{home}}cda-frame"/><img xmlns="http://www.w3.org/1999/xhtml" src="{{home}}cda-image" onerror="{{Inline(home)}}"/>
          <table background="{{home}}cda-table" onmouseover="{{Inline(home)}}"><tbody><tr><td>cell</td></tr></tbody></table>
          <linkHtml href="javascript:{{Inline(home)}}">link</linkHtml><linkHtml href="{{home}}cda-link">link</linkHtml><renderMultiMedia referencedObject="pic"/>
        </text><entry><observationMedia classCode="OBS" moodCode="EVN" ID="pic"><value mediaType="image/png"><reference value="{{home}}cda-media"/></value></observationMedia></entry>
        </section></component></structuredBody></component></ClinicalDocument>
        """);

    /// <summary>A page of text, with JavaScript that runs when it is opened, actions that launch and submit, and a link.</summary>
    public static byte[] Pdf(Uri home)
    {
        const string font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
        var script = $"app.alert('pwned'); app.launchURL('{home}pdf'); this.submitForm('{home}pdf-form');";
        var drawn = $"BT /F1 24 Tf 40 700 Td ({Harmless}) Tj ET";
        string[] objects =
        [
            $"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS ({Escaped(script)}) >> /AA << /WC << /S /URI /URI ({home}pdf-close) >> >> >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 4 0 R >> >> /Contents 5 0 R /Annots [6 0 R] "
                + $"/AA << /O << /S /JavaScript /JS ({Escaped(script)}) >> >> >>",
            font,
            $"<< /Length {drawn.Length} >>\nstream\n{drawn}\nendstream",
            $"<< /Type /Annot /Subtype /Link /Rect [0 0 612 792] /A << /S /URI /URI ({home}pdf-link) >> >>",
        ];
        var pdf = new StringBuilder("%PDF-1.7\n");
        var offsets = new List<int>();
        for (var i = 0; i < objects.Length; i++)
        {
            offsets.Add(pdf.Length);
            pdf.Append(CultureInfo.InvariantCulture, $"{i + 1} 0 obj\n{objects[i]}\nendobj\n");
        }
        var start = pdf.Length;
        pdf.Append(CultureInfo.InvariantCulture, $"xref\n0 {objects.Length + 1}\n0000000000 65535 f \n");
        foreach (var offset in offsets)
            pdf.Append(CultureInfo.InvariantCulture, $"{offset:0000000000} 00000 n \n");
        pdf.Append(CultureInfo.InvariantCulture, $"trailer\n<< /Size {objects.Length + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
        return Encoding.ASCII.GetBytes(pdf.ToString());
    }

    private static string Script(Uri home) =>
        $$"""
        globalThis.ran = true; fetch('{{home}}fetch'); new Image().src = '{{home}}beacon'; alert(1); document.title = 'pwned'; try { parent.ran = true; top.location = '{{home}}top' } catch (e) { }
        """;

    private static string Inline(Uri home) => $"ran=true;fetch('{home}inline');alert(2);parent.postMessage('pwned','*')";

    private static string Escaped(string text) => text.Replace("(", "\\(", StringComparison.Ordinal).Replace(")", "\\)", StringComparison.Ordinal);
}
