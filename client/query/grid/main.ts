import './grid.css';
import { ResultPage } from './resultPage.ts';
import { startPage } from './startPage.ts';

startPage((post) => new ResultPage(document.body, post));
