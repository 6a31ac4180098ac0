namespace Salus.Health.Fhir;

/// <summary>
/// Walks the elements of one unit as they stream by and notes what the import needs: references, attachments, the summary line, and the kinds of
/// personal facts. Position is by element name and parent, not by a model of FHIR: extensions, contained resources and unknown elements are walked
/// alike, so a fact is found where a model would not have looked.
/// </summary>
internal sealed class ElementWalker(
    JsonScanner scanner, TargetTable targets, List<FoundReference> references, List<FoundAttachment> attachments, int attachmentFloor)
{
    private struct Frame
    {
        /// <summary>The property under which this object stands.</summary>
        public Element Element;

        /// <summary>The property that is being read in this object.</summary>
        public Element Property;

        public long NameStart, NameEnd;
        public bool HasDisplay, HasReferenceShadow, HasDataShadow, IsMail;

        /// <summary>Index plus one; 0 is none.</summary>
        public int Reference, Attachment;

        public string? MediaType, Title;
    }

    private readonly Frame[] frames = new Frame[FhirLimits.Depth + 2];
    private int depth = -1;

    /// <summary>Depth of the resource's own object, for paths that count from it.</summary>
    public int Root { get; set; }

    public int Depth => depth;

    /// <summary>Enters the object whose brace was just read.</summary>
    public void Enter(Element element) => frames[++depth] = new Frame { Element = element };

    /// <summary>Takes note of the name that was just read; the value comes next.</summary>
    public Element ReadName()
    {
        ref var top = ref frames[depth];
        var name = scanner.Text;
        (top.NameStart, top.NameEnd) = (scanner.TokenStart, scanner.TokenEnd);
        if (name.Length < 2 || name[0] != '_')
            return top.Property = Elements.Find(name, scanner.NameHash);
        // "_birthDate" carries the extensions of "birthDate".
        switch (Elements.Find(name[1..], NameStack.HashOf(name[1..])))
        {
            case Element.Reference or Element.Url:
                top.HasReferenceShadow = true;
                break;
            case Element.Data:
                top.HasDataShadow = true;
                break;
            case Element.Display:
                top.HasDisplay = true;
                break;
        }
        return top.Property = Element.None;
    }

    /// <summary>Walks the value whose first token was just read.</summary>
    public void Value(Unit unit, Element property)
    {
        switch (scanner.Token)
        {
            case JsonToken.StartObject:
                unit.Facts |= FactRules.OfObject(property, depth == Root);
                Enter(property);
                while (scanner.Read() == JsonToken.Name)
                {
                    var inner = ReadName();
                    scanner.Read();
                    Value(unit, inner);
                }
                Leave(unit);
                break;
            case JsonToken.StartArray:
                while (scanner.Read() != JsonToken.EndArray)
                    Value(unit, property);
                break;
            case JsonToken.String:
                OnString(unit, property);
                break;
            case JsonToken.Number:
                Summarise(unit, property);
                unit.Facts |= FactRules.OfNumber(property);
                break;
        }
    }

    /// <summary>Leaves the object whose closing brace was just read: what needed its siblings is settled.</summary>
    public void Leave(Unit unit)
    {
        ref var top = ref frames[depth--];
        if (top.Reference > 0)
        {
            var found = references[top.Reference - 1];
            var traits = found.Traits | (top.HasDisplay ? ReferenceTraits.HasDisplay : 0) | (top.HasReferenceShadow ? ReferenceTraits.HasShadow : 0);
            references[top.Reference - 1] = found with { Traits = traits };
        }
        if (top.HasDisplay)
            unit.Facts |= FactRules.OfDisplay(top.Element, top.Reference > 0 ? targets.TypeOf(references[top.Reference - 1].Target) : null);
        if (top.Element == Element.Telecom)
            unit.Facts |= top.IsMail ? PersonalFacts.Email : PersonalFacts.Telephone;
        if (top.Attachment > 0)
        {
            var attachment = attachments[top.Attachment - 1];
            (attachment.MediaType, attachment.Title) = (top.MediaType, top.Title);
            // "_data" would then stand twice.
            if (top.HasDataShadow)
                attachment.Length = 0;
        }
    }

    private void OnString(Unit unit, Element property)
    {
        ref var top = ref frames[depth];
        var parent = depth > Root ? frames[depth - 1].Element : Element.None;
        var grandParent = depth > Root + 1 ? frames[depth - 2].Element : Element.None;
        unit.Facts |= FactRules.OfString(scanner.Text, property, top.Element, parent, grandParent);
        switch (property)
        {
            case Element.Reference:
                AddReference(ref top, TraitsOf(top.Element));
                break;
            case Element.Url when top.Element is Element.Request:
            case Element.Location when top.Element is Element.Response:
                if (unit.Type.Length == 0 && TargetTable.TypeIn(scanner.Text) is { IsEmpty: false } type)
                    unit.Type = targets.TypeName(type);
                break;
            case Element.Url when top.Element is not Element.Extension && IsBinary(scanner.Text):
                AddReference(ref top, ReferenceTraits.IsUrl);
                break;
            case Element.Display:
                top.HasDisplay = true;
                break;
            case Element.System when top.Element == Element.Telecom:
                top.IsMail = scanner.Text.SequenceEqual("email"u8);
                break;
            case Element.ContentType:
                top.MediaType = MediaTypes.Clean(scanner.Text);
                break;
            case Element.Title:
                top.Title = SmallText.Of(scanner.Text, 128);
                break;
            case Element.Data when top.Element != Element.ValueSampledData:
                AddAttachment(unit, ref top);
                break;
        }
        Summarise(unit, property);
    }

    private void Summarise(Unit unit, Element property)
    {
        switch (depth - Root)
        {
            case 0:
                unit.Summary.NoteRoot(property, scanner.Text);
                break;
            case 1:
                unit.Summary.NoteChild(frames[depth].Element, property, scanner.Text);
                break;
            case 2 when property == Element.Text && frames[depth].Element == Element.ProductOrService:
                unit.Summary.NoteItem(scanner.Text);
                break;
            case 2 when frames[depth].Element == Element.Coding:
                unit.Summary.NoteCoding(frames[depth - 1].Element, property, scanner.Text);
                break;
        }
    }

    private void AddReference(ref Frame top, ReferenceTraits traits)
    {
        if (scanner.TextCut)
            return;
        var target = targets.Of(scanner.Text);
        if (target < 0)
            return;
        var (back, length) = (scanner.TokenStart - top.NameStart, scanner.TokenEnd - scanner.TokenStart);
        if (references.Count == FhirLimits.References || targets.Count > FhirLimits.Targets || back > int.MaxValue || length > int.MaxValue)
            throw scanner.FaultAtToken(FhirFault.TooLarge, "There are more references than one import may have");
        references.Add(new FoundReference(scanner.TokenStart, (int)back, (int)length, target, traits));
        top.Reference = references.Count;
    }

    private void AddAttachment(Unit unit, ref Frame top)
    {
        var length = scanner.TokenEnd - scanner.TokenStart - 2;
        if (length / 4 * 3 < attachmentFloor || !scanner.TextIsRaw || top.NameEnd - top.NameStart != FoundAttachment.NameLength
            || scanner.TokenStart - top.NameEnd > SliceAttachment.MaxBetween)
            return;
        attachments.Add(new FoundAttachment(unit)
        {
            NameStart = top.NameStart,
            ValueStart = scanner.TokenStart,
            ValueEnd = scanner.TokenEnd,
            Length = length,
        });
        top.Attachment = attachments.Count;
    }

    private static ReferenceTraits TraitsOf(Element element) => element switch
    {
        Element.Target or Element.Item or Element.Focus or Element.SecurityContext => ReferenceTraits.About,
        Element.BasedOn or Element.ReasonReference => ReferenceTraits.Because,
        _ => ReferenceTraits.None,
    };

    private static bool IsBinary(ReadOnlySpan<byte> url) =>
        url.StartsWith("Binary/"u8) || url.StartsWith("urn:uuid:"u8) || url.IndexOf("/Binary/"u8) >= 0;
}
