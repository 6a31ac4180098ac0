import { useContext } from 'react'
import { LanguageContext, type Language } from '.'
import { readings as deReadings } from './de/readings'
import { research as deResearch } from './de/research'
import { statistics as deStatistics } from './de/statistics'
import { studies as deStudies } from './de/studies'
import { readings } from './en/readings'
import { research } from './en/research'
import { statistics } from './en/statistics'
import { studies } from './en/studies'

// The words of studies, readings and the researcher's desk come with those screens: what everybody loads first holds none of them.

const en = { readings, research, statistics, studies }

export type ResearchCatalogue = typeof en

export const researchCatalogues: Record<Language, ResearchCatalogue> = { en, de: { readings: deReadings, research: deResearch, statistics: deStatistics, studies: deStudies } }

export const useResearchText = (): ResearchCatalogue => researchCatalogues[useContext(LanguageContext)]
