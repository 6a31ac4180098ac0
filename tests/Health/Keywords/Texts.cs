using Salus.Health.Keywords;

namespace Salus.Health.Tests.Keywords;

/// <summary>A letter in each language, of the kind that patients get.</summary>
internal static class Texts
{
    public static string Of(Language language) => language switch
    {
        Language.German => """
            Sehr geehrte Frau Kollegin, wir berichten über die stationäre Behandlung der Patientin vom 11. März bis zum 19. März. Diagnosen: Herzinsuffizienz mit
            eingeschränkter Pumpfunktion, Vorhofflimmern, Bluthochdruck, Zuckerkrankheit ohne Folgeerkrankungen, Schwindelanfälle und Übergewicht. Die Aufnahme erfolgte
            wegen zunehmender Atemnot und geschwollener Beine. In der Röntgenaufnahme zeigten sich Stauungszeichen, im Ultraschall des Herzens eine mittelgradige
            Undichtigkeit der Mitralklappe. Unter entwässernden Medikamenten besserten sich die Beschwerden deutlich; das Körpergewicht sank um sechs Kilogramm. Wir
            empfehlen regelmäßige Kontrollen der Nierenwerte, tägliches Wiegen, eine salzarme Ernährung und die Fortführung der blutverdünnenden Behandlung. Es besteht
            eine Unverträglichkeit gegenüber Penicillin mit Hautausschlag. Mit freundlichen kollegialen Grüßen
            """,
        Language.French => """
            Madame, Monsieur, votre patiente a été hospitalisée dans notre service du onze au dix-neuf mars pour une décompensation cardiaque. Les antécédents sont une
            hypertension artérielle, une fibrillation auriculaire, un diabète traité par des comprimés et une allergie à la pénicilline avec éruption cutanée. À
            l'entrée, l'examen clinique retrouvait une dyspnée d'effort, des œdèmes des membres inférieurs et une prise de poids de six kilogrammes. La radiographie
            pulmonaire montrait un épanchement pleural; l'échographie une insuffisance mitrale modérée. L'évolution a été favorable sous diurétiques. Nous
            recommandons une surveillance régulière de la fonction rénale, une alimentation pauvre en sel et la poursuite du traitement anticoagulant. Veuillez
            recevoir nos salutations les meilleures. Elle reviendra en consultation dans trois semaines, plus tôt si les symptômes réapparaissaient.
            """,
        Language.Spanish => """
            Estimado compañero: la paciente fue ingresada en nuestro hospital del once al diecinueve de marzo por una descompensación de su insuficiencia cardíaca.
            Antecedentes: hipertensión arterial, fibrilación auricular, diabetes tratada con comprimidos y alergia a la penicilina con erupción cutánea. A su llegada
            presentaba dificultad respiratoria, hinchazón de las piernas y un aumento de peso de seis kilogramos. La radiografía de tórax mostraba derrame pleural, y
            la ecografía una insuficiencia mitral moderada. La evolución fue favorable con los diuréticos. Recomendamos controles periódicos de la función renal,
            pesarse diariamente, una alimentación pobre en sal y continuar con la medicación anticoagulante. Deberá volver a la consulta dentro de tres semanas, o
            antes si los síntomas empeorasen. Un cordial saludo.
            """,
        _ => """
            Dear colleague, your patient was admitted to our hospital from the eleventh to the nineteenth of March with decompensated heart failure. Her history includes
            hypertension, atrial fibrillation, diabetes that is treated with tablets, and an allergy to penicillin with a rash. On admission she had shortness of breath,
            swollen legs and had gained six kilograms. The chest X-ray showed pleural effusions and the echocardiogram a moderate mitral regurgitation. She improved
            on diuretics. We recommend regular checks of her kidney function, daily weighing, a diet low in salt, and that the anticoagulant is continued.
            """,
    };
}
